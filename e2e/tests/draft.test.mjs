import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, follow, heading, press, stage, text } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

function kept(page) {
  return page.getByText("Draft kept").waitFor();
}

test("a browser that dies loses nothing: the draft is on My work, is gone on with, and goes once it is sent", async () => {
  const { reference } = await here.register.json("case", "new", "A lost badge");
  const page = await here.newcomer("Ada L", ["manager"]);
  await page.goto(`/cases/${reference}/facts`);
  await fill(page, { summary: "Found behind the\ncoffee machine." });
  await kept(page);
  const later = await page.context().newPage();
  await page.close();

  await later.goto("/");
  assert.match(await text(later, "#drafts"), new RegExp(`Facts: ${reference}`));
  await follow(later, `Facts: ${reference}`);
  assert.equal(await later.inputValue("[name=summary]"), "Found behind the\ncoffee machine.");
  await press(later, "Save");
  await heading(later, "A lost badge");
  assert.match(await text(later, "#summary"), /coffee machine/);
  await later.goto("/");
  assert.equal(await later.locator("#drafts").count(), 0);
});

test("a draft is offered on its page and can be thrown away", async () => {
  const { reference } = await here.register.json("case", "new", "A found badge");
  const page = await here.newcomer("Bea L", ["manager"]);
  await page.goto(`/cases/${reference}/facts`);
  await fill(page, { summary: "Never mind." });
  await kept(page);
  await page.goto(`/cases/${reference}/facts`);
  assert.equal(await page.inputValue("[name=summary]"), "", "the form begins as it stands in the register");
  assert.match(await text(page, ".draft"), /You began this .* and did not send it/);
  await press(page, "Throw it away");
  assert.equal(await page.locator(".draft").count(), 0);
  await page.reload();
  assert.equal(await page.locator(".draft").count(), 0);
});

test("what somebody else saved since a draft was begun is not taken back by it", async () => {
  const { reference } = await here.register.json("case", "new", "A wet server room");
  const [first, second] = [await here.newcomer("Cid L", ["manager"]), await here.newcomer("Dan L", ["manager"])];
  const facts = `/cases/${reference}/facts`;
  await first.goto(facts);
  await fill(first, { summary: "The air conditioning dripped." });
  await kept(first);
  await second.goto(facts);
  await fill(second, { detection_method: "By the morning round" });
  await press(second, "Save");
  await first.goto(`${facts}?draft=yes`);
  const answer = first.waitForResponse((response) => response.request().method() === "POST");
  await press(first, "Save");
  assert.equal((await answer).status(), 409);
  assert.equal(await first.inputValue("[name=detection_method]"), "By the morning round");
  assert.equal(await first.inputValue("[name=summary]"), "The air conditioning dripped.");
  await press(first, "Save");
  await heading(first, "A wet server room");
});

test("a report is gone on with where it was left", async () => {
  const page = await here.newcomer("Eve L", ["reporter"]);
  await page.goto("/report");
  await fill(page, { title: "A mail about a prize", summary: "It asked for my password." });
  await press(page, "Go on");
  await fill(page, { day: "2026-03-02" });
  await kept(page);
  await page.goto("/");
  await follow(page, "Report");
  await heading(page, "When did it happen?");
  assert.equal(await page.inputValue("[name=day]"), "2026-03-02");
  await press(page, "Go on");
  await press(page, "Go on");
  assert.match(await text(page, "main"), /It asked for my password\./);
  await press(page, "Send the report");
  await heading(page, "Thank you. It is registered.");
  await page.goto("/");
  assert.equal(await page.locator("#drafts").count(), 0);
});

test("an offered draft is not written over, and no draft is kept of what has no version to tell who saved last", async () => {
  const { reference } = await here.register.json("case", "new", "A slow lift");
  const page = await here.newcomer("Hal L", ["manager"]);
  const facts = `/cases/${reference}/facts`;
  await page.goto(facts);
  await fill(page, { summary: "A long story." });
  await kept(page);
  await page.goto(facts);
  assert.equal(await page.locator("form[data-draft]").count(), 0, "while one is offered nothing is kept over it");
  await follow(page, "Go on with it");
  assert.equal(await page.inputValue("[name=summary]"), "A long story.");
  assert.equal(await page.locator("form[data-draft]").count(), 1);
  await here.register.json("case", "restrict", reference, "--reader", "Hal L");
  await page.goto(`/cases/${reference}/restriction`);
  assert.equal(await page.locator("form[data-draft]").count(), 0, "an old list of readers never comes back");
});

test("whoever is signed out while they write stays on the page", async () => {
  const { reference } = await here.register.json("case", "new", "A cold room");
  const page = await here.newcomer("Ivy L", ["manager"]);
  await page.goto(`/cases/${reference}/facts`);
  await page.context().clearCookies();
  await fill(page, { summary: "Written in vain?" });
  await page.getByText("You are signed out").waitFor();
  assert.equal(await page.inputValue("[name=summary]"), "Written in vain?");
});

test("nobody sees the draft of another, and without a network it says that nothing is kept", async () => {
  const { reference } = await here.register.json("case", "new", "A loud alarm");
  const [first, second] = [await here.newcomer("Fay L", ["manager"]), await here.newcomer("Gus L", ["manager"])];
  await first.goto(`/cases/${reference}/facts`);
  await fill(first, { summary: "Secret thoughts." });
  await kept(first);
  await second.goto(`/cases/${reference}/facts?draft=yes`);
  assert.equal(await second.inputValue("[name=summary]"), "");
  await second.context().setOffline(true);
  await fill(second, { summary: "Mine." });
  await second.getByText("This is not kept as a draft just now").waitFor();
});

test("a comment is kept where it is written, and offered there until it is gone on with", async () => {
  const { reference } = await here.register.json("case", "new", "A loose cable");
  const page = await here.newcomer("Jon L", ["manager"]);
  await page.goto(`/cases/${reference}`);
  await page.getByLabel("Comment", { exact: true }).fill("It hangs over the stairs.");
  await kept(page);
  await page.goto(`/cases/${reference}`);
  assert.match(await text(page, ".draft"), /You began this .* and did not send it/);
  await follow(page, "Go on with it");
  assert.equal(await page.inputValue("[name=text]"), "It hangs over the stairs.");
  await press(page, "Comment");
  await heading(page, "A loose cable");
  assert.match(await text(page, "#comments"), /hangs over the stairs/);
  assert.match(await text(page, ".toast p"), /^Saved · Comment$/);
  assert.equal(await page.locator(".draft").count(), 0);
  await page.reload();
  assert.equal(await page.locator(".toast").count(), 0, "it is told once");
});

test("what is written beside a file is kept, the file is not", async () => {
  const { reference } = await here.register.json("case", "new", "A torn badge");
  const page = await here.newcomer("Flo L", ["manager"]);
  await page.goto(`/cases/${reference}/evidence`);
  await page.setInputFiles("[name=file]", { name: "badge.txt", mimeType: "text/plain", buffer: Buffer.from("half of it") });
  await fill(page, { custody: "Found in the lift." });
  await kept(page);
  await page.goto(`/cases/${reference}/evidence?draft=yes`);
  assert.equal(await page.inputValue("[name=custody]"), "Found in the lift.");
  assert.equal(await page.inputValue("[name=file]"), "");
  await page.setInputFiles("[name=file]", { name: "badge.txt", mimeType: "text/plain", buffer: Buffer.from("half of it") });
  await press(page, "Add");
  await heading(page, "A torn badge");
  assert.match(await text(page, "#evidence"), /Found in the lift/);
  await page.goto("/");
  assert.equal(await page.locator("#drafts").count(), 0);
});
