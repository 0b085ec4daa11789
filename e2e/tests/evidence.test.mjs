import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fill, press, stage, text } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

// The smallest picture that is one.
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

test("a file comes back as it went in, with its hash beside it", async () => {
  const { reference } = await here.register.json("case", "new", "A strange picture");
  const page = await here.newcomer("Ola", ["manager"]);
  await page.goto(`/cases/${reference}/evidence`);
  await fill(page, {
    file: { name: "Bild – größer ‮gnp.exe.png", mimeType: "image/png", buffer: PICTURE },
    custody: "Saved from the mail by the help desk.",
  });
  await press(page, "Add");
  const hash = await text(page, "#evidence .hash");
  assert.equal(hash, sha256(PICTURE));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("#evidence a[download]").click(),
  ]);
  assert.equal(sha256(await readFile(await download.path())), hash);
});

test("a file is given out as something to save and never to run", async () => {
  const { reference } = await here.register.json("case", "new", "A page in a mail");
  const page = await here.newcomer("Pam", ["manager"]);
  const harmful = Buffer.from("<!doctype html><script>document.title = 'run'</script>");
  await page.goto(`/cases/${reference}/evidence`);
  await fill(page, { file: { name: "page.html", mimeType: "text/html", buffer: harmful } });
  await press(page, "Add");
  const address = await page.locator("#evidence a[download]").getAttribute("href");
  const answer = await page.request.get(address);
  assert.equal(answer.headers()["content-type"], "application/octet-stream");
  assert.match(answer.headers()["content-disposition"], /^attachment/);
  assert.match(answer.headers()["content-security-policy"], /sandbox/);
  assert.deepEqual(await answer.body(), harmful);
});

test("a .png that is none is refused, and what was said of it is kept", async () => {
  const { reference } = await here.register.json("case", "new", "A false picture");
  const page = await here.newcomer("Quin", ["manager"]);
  await page.goto(`/cases/${reference}/evidence`);
  await fill(page, {
    file: { name: "holiday.png", mimeType: "image/png", buffer: Buffer.from("MZ this is no picture") },
    custody: "Found on the desktop.",
  });
  await press(page, "Add");
  assert.match(await text(page, ".summary"), /is called \.png but is/);
  assert.ok(await page.locator(".summary").evaluate((summary) => summary === document.activeElement));
  assert.equal(await page.inputValue("[name=custody]"), "Found on the desktop.");
  await page.goto(`/cases/${reference}`);
  assert.match(await text(page, "#evidence"), /No evidence yet/);
});

test("whoever may not know of the case gets no file of it", async () => {
  const { reference } = await here.register.json("case", "new", "A secret");
  const page = await here.newcomer("Rae", ["manager"]);
  await page.goto(`/cases/${reference}/evidence`);
  await fill(page, { file: { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("secret") } });
  await press(page, "Add");
  const address = await page.locator("#evidence a[download]").getAttribute("href");
  const other = await here.newcomer("Sam", ["reporter"]);
  assert.equal((await other.request.get(address)).status(), 404);
  const nobody = await here.visit();
  const answer = await nobody.request.get(address, { maxRedirects: 0 });
  assert.ok([303, 401].includes(answer.status()), `nobody was answered with ${answer.status()}`);
});
