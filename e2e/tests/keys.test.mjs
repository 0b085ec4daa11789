import assert from "node:assert/strict";
import { test } from "node:test";
import { heading, leads, stage } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.sample());

const MANAGER = "Mara Hollmann";

function chosen(page) {
  return page.locator("tr[data-chosen] td.ref a").innerText();
}

test("c reports, g r leads to the register, g a to the actions", async () => {
  const page = await here.as(MANAGER);
  await leads(page, () => page.keyboard.press("c"));
  await heading(page, "What happened?");
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("g");
  await leads(page, () => page.keyboard.press("r"));
  await heading(page, "Register");
  await page.keyboard.press("g");
  await leads(page, () => page.keyboard.press("a"));
  await heading(page, "Actions");
});

test("/ goes to the search, and what is typed there stays text", async () => {
  const page = await here.as(MANAGER);
  await page.goto("/cases");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.type), "search");
  await page.keyboard.type("c/gr jk");
  assert.equal(await page.evaluate(() => document.activeElement.value), "c/gr jk");
  assert.equal(new URL(page.url()).pathname, "/cases", "nobody was led away while typing");
  assert.equal(await page.locator("tr[data-chosen]").count(), 0);
});

test("j and k choose a row and Enter opens it", async () => {
  const page = await here.as(MANAGER);
  await page.goto("/cases");
  const references = await page.locator("[data-rows] tbody td.ref a").allInnerTexts();
  for (const [key, row] of [["j", 0], ["j", 1], ["j", 2], ["k", 1], ["k", 0], ["k", 0], ["j", 1]]) {
    await page.keyboard.press(key);
    assert.equal(await chosen(page), references[row], `after ${key}`);
  }
  await leads(page, () => page.keyboard.press("Enter"));
  assert.equal(new URL(page.url()).pathname, `/cases/${references[1]}`);
});

test("a key with a modifier is the browser's own", async () => {
  const page = await here.as(MANAGER);
  await page.goto("/cases");
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Alt+j");
  assert.equal(await page.locator("tr[data-chosen]").count(), 0);
  assert.equal(new URL(page.url()).pathname, "/cases");
});

test("the first Tab offers to skip the navigation", async () => {
  const page = await here.as(MANAGER);
  await page.goto("/cases");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
});

test("a menu of further steps closes on Escape and gives the focus back", async () => {
  const page = await here.as(MANAGER);
  await page.goto("/cases");
  await leads(page, () => page.locator("[data-rows] td.ref a").first().click());
  const summary = page.locator("details.more summary");
  await summary.focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("details.more[open]").isVisible());
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("details.more[open]").count(), 0);
  assert.ok(await summary.evaluate((element) => element === document.activeElement));
});
