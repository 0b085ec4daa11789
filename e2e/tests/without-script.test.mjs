import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, follow, heading, press, stage, text } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

const WITHOUT = { javaScriptEnabled: false };

test("triage, a comment and the whys need no JavaScript", async () => {
  const { reference } = await here.register.json("case", "new", "The door to the archive was open");
  const page = await here.newcomer("Max", ["manager", "responder"], WITHOUT);
  await page.goto(`/cases/${reference}`);
  await follow(page, "Triage");
  await fill(page, { class: "weakness", severity: "3" });
  await press(page, "Save");
  assert.match(await text(page, ".head-facts"), /Weakness/);

  await fill(page, { text: "Seen by **two** people." });
  await press(page, "Comment");
  assert.match(await text(page, "#comments"), /Seen by two people\./);

  await follow(page, "Open a review");
  await press(page, "Open it");
  await follow(page, "Go on with the review");
  for (const [place, why] of ["The lock needs a key that nobody has", "The key was never replaced"].entries()) {
    const field = page.locator(".because", { hasText: place === 0 ? "Why did that happen?" : "Why 1?" });
    await field.locator("textarea").fill(why);
    await Promise.all([page.waitForEvent("load"), field.getByRole("button", { name: "Add" }).click()]);
    assert.equal(await page.locator(".rung").count(), place + 1);
  }
});

test("the register is filtered, put in order and counted without JavaScript", async () => {
  for (const title of ["An odd mail", "An odd call", "A lost key"]) await here.register.run("case", "new", title);
  const page = await here.newcomer("Nor", ["manager"], WITHOUT);
  await page.goto("/cases");
  await page.locator("#q").fill("odd");
  await press(page, "Filter");
  assert.equal(await page.locator("[data-rows] tbody tr").count(), 2);
  await follow(page, "Counts by class, state and more");
  await heading(page, "Counts");
  assert.match(await text(page, ".facets"), /Event\s+2/);
});

test("what cannot be read is said at the top without JavaScript, and the form keeps what was typed", async () => {
  const { reference } = await here.register.json("case", "new", "A strange fax");
  const page = await here.newcomer("Oz", ["manager"], WITHOUT);
  await page.goto(`/cases/${reference}/facts`);
  await fill(page, { summary: "It came at night.", occurred: "the other day" });
  await press(page, "Save");
  assert.match(await text(page, ".summary"), /the other day/);
  assert.equal(await page.inputValue("[name=summary]"), "It came at night.");
  assert.equal(await page.inputValue("[name=occurred]"), "the other day");
});
