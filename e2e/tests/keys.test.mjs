import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, loadAxe, RULES } from "../support/axe.mjs";
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

test("? shows every key and where they are switched off", async () => {
  const page = await here.as(MANAGER);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("c");
  assert.equal(new URL(page.url()).pathname, "/", "no key leads away from below");
  await page.getByLabel("Single keys do something").uncheck();
  await page.keyboard.press("Escape");
  await page.locator("#keys").waitFor({ state: "hidden" });
  await page.keyboard.press("?");
  await page.keyboard.press("c");
  await page.reload();
  assert.equal(await page.locator("#keys").isVisible(), false);
  assert.equal(new URL(page.url()).pathname, "/", "no key does anything");
  await page.getByRole("button", { name: "Keys", exact: true }).click();
  await page.getByLabel("Single keys do something").check();
  await page.keyboard.press("Escape");
  await leads(page, () => page.keyboard.press("c"));
  await heading(page, "What happened?");
});

test("Ctrl-K leads to a page, to a record, and to the next step of a page", async () => {
  const page = await here.as(MANAGER);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("supp");
  await leads(page, () => page.keyboard.press("Enter"));
  await heading(page, "Suppliers");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("phishin");
  const options = page.getByRole("option");
  await options.first().waitFor();
  const words = await options.first().innerText();
  await page.keyboard.press("ArrowDown");
  assert.equal(await options.nth(1).getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowUp");
  await leads(page, () => page.keyboard.press("Enter"));
  assert.ok(words.includes(new URL(page.url()).pathname.split("/").at(-1)), `${words}: ${page.url()}`);

  await page.goto("/cases/CASE-2026-0032");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("facts");
  await leads(page, () => page.keyboard.press("Enter"));
  assert.equal(new URL(page.url()).pathname, "/cases/CASE-2026-0032/facts");
});

test("what opens above a page has nothing that axe finds, in both themes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await here.as(MANAGER, { colorScheme });
    await loadAxe(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
    assert.deepEqual(await axe(page, RULES), []);
    await page.keyboard.press("Escape");
    await page.locator("#palette").waitFor({ state: "hidden" });
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    assert.deepEqual(await axe(page, RULES), []);
  }
});
