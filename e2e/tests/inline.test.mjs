import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, loadAxe, RULES } from "../support/axe.mjs";
import { fill, follow, heading, press, stage, text, unfold } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

async function manager(name, title) {
  const { reference } = await here.register.json("case", "new", title);
  const page = await here.newcomer(name, ["manager"]);
  await page.goto(`/cases/${reference}`);
  return { page, reference };
}

test("a part of a case is added to and changed where it stands", async () => {
  const { page, reference } = await manager("Ann I", "A dripping ceiling");
  await unfold(page, "#timeline", "Add");
  assert.equal(await page.evaluate(() => document.activeElement.name), "kind", "whoever opens it can write at once");
  await fill(page, { kind: "detected", occurred: "2026-03-17T10:22", text: "The night guard sees it." });
  await press(page, "Add");
  await heading(page, "A dripping ceiling");
  assert.match(await text(page, "#timeline"), /The night guard sees it/);
  assert.match(await text(page, ".toast p"), /^Saved · Add to the timeline$/);

  await unfold(page, "#summary", "Change");
  await fill(page, { summary: "Above the rack." });
  await press(page, "Save");
  assert.match(await text(page, "#summary"), /Above the rack/);
  assert.equal(new URL(page.url()).pathname, `/cases/${reference}`);
});

test("a double click opens it once, and Escape takes nothing away that was typed", async () => {
  const { page } = await manager("Fay I", "A bent hinge");
  await page.locator("#causes").getByRole("link", { name: "Open a review" }).dblclick();
  await page.locator("#causes .inline form.sheet").waitFor();
  assert.equal(await page.locator("#causes .inline").count(), 1);
  await fill(page, { problem: "The hinge was bent before anybody looked." });
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue("#causes [name=problem]"), "The hinge was bent before anybody looked.");
});

test("without a network it says so where it was to open, and nothing that is open is lost", async () => {
  const { page } = await manager("Gil I", "A dead battery");
  await unfold(page, "#timeline", "Add");
  await fill(page, { text: "It swelled." });
  await page.context().setOffline(true);
  await page.locator("#costs").getByRole("link", { name: "Add" }).click();
  await page.locator("#costs .inline").getByText(/cannot be reached just now/).waitFor();
  assert.equal(await page.inputValue("#timeline [name=text]"), "It swelled.");
  await page.context().setOffline(false);
  await unfold(page, "#costs", "Add");
});

test("it closes by Escape or Cancel and gives the focus back, and a second press leads into what is open", async () => {
  const { page } = await manager("Ben I", "A humming fan");
  const link = page.locator("#costs").getByRole("link", { name: "Add" });
  for (const close of [() => page.keyboard.press("Escape"), () => page.locator("#costs .inline").getByText("Cancel").click()]) {
    await unfold(page, "#costs", "Add");
    await link.click();
    assert.equal(await page.locator("#costs .inline").count(), 1);
    await close();
    assert.equal(await page.locator("#costs .inline").count(), 0);
    assert.equal(await link.evaluate((element) => element === document.activeElement), true);
  }
});

test("what is wrong is told on the page of the form, and nothing that was typed is lost", async () => {
  const { page } = await manager("Cia I", "A lost cable");
  await unfold(page, "#timeline", "Add");
  await fill(page, { occurred: "yesterday", text: "It was there." });
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await press(page, "Add");
  assert.equal((await answer).status(), 422);
  assert.match(await text(page, ".summary"), /yesterday/);
  assert.equal(await page.inputValue("[name=text]"), "It was there.");
});

test("what is written there is kept as a draft, and offered in its place", async () => {
  const { page } = await manager("Dot I", "A warm battery");
  await unfold(page, "#timeline", "Add");
  await fill(page, { text: "It swells." });
  await page.getByText("Draft kept").waitFor();
  await page.reload();
  await unfold(page, "#timeline", "Add");
  assert.match(await text(page, "#timeline .draft"), /You began this/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Go on with it", "Enter throws nothing away");
  await follow(page, "Go on with it");
  assert.equal(await page.inputValue("[name=text]"), "It swells.");
});

test("what was saved is told to whoever hears the page, and axe finds nothing in it, where things move too", async () => {
  const { reference } = await here.register.json("case", "new", "A thin wall");
  const page = await here.newcomer("Hua I", ["manager"], { reducedMotion: "no-preference" });
  await page.goto(`/cases/${reference}/comments`);
  await fill(page, { text: "One hears everything." });
  await press(page, "Comment");
  const toast = page.getByRole("status").filter({ hasText: "Saved" });
  await toast.waitFor();
  await loadAxe(page);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page, RULES), [], colorScheme);
  }
});

test("axe finds nothing on a case with its forms open, in light and in dark", async () => {
  const { page } = await manager("Eli I", "A cut fence");
  for (const [part, words] of [["#summary", "Change"], ["#timeline", "Add"], ["#evidence", "Add"], ["#costs", "Add"]]) {
    await unfold(page, part, words);
  }
  await loadAxe(page);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page, RULES), [], colorScheme);
  }
});
