import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, heading, press, stage, text } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

// Sends a form whose answer is not a new page but the same form again, and gives the status.
async function refused(page, words) {
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await press(page, words);
  return (await answer).status();
}

test("two people change the same facts, and the second sees both versions and loses nothing", async () => {
  const { reference } = await here.register.json("case", "new", "A lost laptop");
  const first = await here.newcomer("Ida", ["manager"]);
  const second = await here.newcomer("Jon", ["manager"]);
  const facts = `/cases/${reference}/facts`;
  await first.goto(facts);
  await second.goto(facts);
  await fill(first, { title: "A lost laptop of sales", tags: "laptop, sales" });
  await press(first, "Save");
  await heading(first, "A lost laptop of sales");

  await fill(second, { title: "A stolen laptop", summary: "From a parked car.", tags: "laptop, theft" });
  assert.equal(await refused(second, "Save"), 409);
  assert.ok(await second.locator(".summary").evaluate((summary) => summary === document.activeElement));
  assert.match(await text(second, ".summary"), /somebody else saved this in the meantime/i);
  assert.equal(await second.inputValue("[name=title]"), "A stolen laptop");
  assert.equal(await second.inputValue("[name=summary]"), "From a parked car.");
  assert.equal(await second.inputValue("[name=tags]"), "laptop, theft");
  const theirs = await second.locator(".theirs").allInnerTexts();
  assert.ok(theirs.some((line) => line.includes("A lost laptop of sales")), `both are shown: ${theirs}`);
  assert.ok(theirs.some((line) => line.includes("laptop, sales")), `both are shown: ${theirs}`);

  await press(second, "Save");
  await heading(second, "A stolen laptop");
  assert.match(await text(second, "#summary"), /From a parked car\./);
  const { tags } = await here.register.json("case", "show", reference);
  assert.deepEqual(tags, ["laptop", "theft"], "the tags are those that the second saved, having seen both");
});

test("what only the other one changed is taken over and shown before it is saved", async () => {
  const { reference } = await here.register.json("case", "new", "A broken lock");
  const first = await here.newcomer("Kim", ["manager"]);
  const second = await here.newcomer("Lou", ["manager"]);
  const facts = `/cases/${reference}/facts`;
  await first.goto(facts);
  await second.goto(facts);
  await fill(first, { detection_method: "By the cleaning staff", summary: "Found open.\nTwice." });
  await press(first, "Save");
  await fill(second, { title: "A broken lock in the basement" });
  assert.equal(await refused(second, "Save"), 409);
  assert.equal(await second.inputValue("[name=detection_method]"), "By the cleaning staff");
  assert.equal(await second.inputValue("[name=title]"), "A broken lock in the basement");
  const lines = await second.locator(".theirs").allInnerTexts();
  assert.equal(lines.length, 2, `the two that the other one changed, and no more: ${lines}`);
  assert.ok(lines.every((line) => line.includes("taken over")));

  await press(second, "Save");
  await heading(second, "A broken lock in the basement");
  const saved = await here.register.json("case", "show", reference);
  assert.equal(saved.detection_method, "By the cleaning staff", "saving again does not take back what the other wrote");
  assert.equal(saved.summary, "Found open.\nTwice.");
});

test("who was refused for a mistake is still told what the other one changed", async () => {
  const { reference } = await here.register.json("case", "new", "A lost key");
  const first = await here.newcomer("Ola", ["manager"]);
  const second = await here.newcomer("Pat", ["manager"]);
  const facts = `/cases/${reference}/facts`;
  await second.goto(facts);
  await fill(second, { title: "A lost key card", occurred: "tomorrow-ish" });
  assert.equal(await refused(second, "Save"), 422);
  await first.goto(facts);
  await fill(first, { detection_method: "By the doorman" });
  await press(first, "Save");
  await fill(second, { occurred: "2026-03" });
  assert.equal(await refused(second, "Save"), 409);
  assert.equal(await second.inputValue("[name=detection_method]"), "By the doorman");
  assert.equal(await second.locator(".theirs").count(), 1);
});

test("triage by two people is not lost either", async () => {
  const { reference } = await here.register.json("case", "new", "A strange login");
  const first = await here.newcomer("Mel", ["manager"]);
  const second = await here.newcomer("Nia", ["manager"]);
  const triage = `/cases/${reference}/classification`;
  await first.goto(triage);
  await second.goto(triage);
  await fill(first, { class: "incident", severity: "5" });
  await press(first, "Save");
  await fill(second, { class: "weakness", severity: "2" });
  assert.equal(await refused(second, "Save"), 409);
  assert.ok(await second.locator("[name=class][value=weakness]").isChecked());
  assert.match(await text(second, "main"), /Saved by somebody else in the meantime/, "what the other chose is shown");
});
