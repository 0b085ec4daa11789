import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, COLOURS, loadAxe, RULES } from "../support/axe.mjs";
import { fill, follow, heading, press, stage, text } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(async () => {
  const register = await Register.empty();
  await register.run("settings", "edit", "--open-reporting", "yes");
  return register;
});

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
const WITHOUT = { ...PHONE, javaScriptEnabled: false };

async function fits(page) {
  const { width, headings } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    headings: document.querySelectorAll("h1").length,
  }));
  assert.ok(width <= 320, `${page.url()} is ${width} pixels wide`);
  assert.equal(headings, 1);
}

// The whole report, from the page for signing in to the receipt.
async function report(page, title, look = fits) {
  await page.goto("/sign-in");
  await look(page);
  await follow(page, "Report without one");
  await heading(page, "What happened?");
  await look(page);
  await press(page, "Go on");
  assert.match(await text(page, ".summary"), /Say in one line what happened/);
  await look(page);
  await fill(page, { title, summary: "The lock is gone.", day: "2026-03-17", class: "weakness" });
  await press(page, "Go on");
  await heading(page, "Is this right?");
  await look(page);
  const answers = await page.locator(".answers dd:not(.change)").allInnerTexts();
  assert.deepEqual(answers.map((answer) => answer.trim()), [title, "The lock is gone.", "2026-03-17", "A weakness"]);
  await page.locator(".answers .change button").first().click();
  await heading(page, "What happened?");
  assert.equal(await page.inputValue("[name=title]"), title, "what was typed is still there");
  assert.ok(await page.isChecked("[value=weakness]"));
  await press(page, "Go on");
  await press(page, "Send the report");
  await heading(page, "Thank you. It is registered.");
  await look(page);
  assert.match(await text(page, ".receipt"), /You will not be blamed/);
  return { reference: await text(page, ".receipt .ref"), receipt: await text(page, ".receipt .secret") };
}

async function lookUp(page, receipt) {
  await page.goto("/receipt");
  await fill(page, { receipt });
  await press(page, "Look");
}

test("somebody without an account reports on a phone without JavaScript, is asked, and answers", async () => {
  const page = await here.visit(WITHOUT);
  const { reference, receipt } = await report(page, "The fence at the back has a hole");
  assert.match(receipt, /^([A-Z2-7]{4}-){7}[A-Z2-7]{4}$/);
  await follow(page, "Look up my receipt");
  await heading(page, "What became of my report?");
  await fill(page, { receipt: "ABCD-EFGH" });
  await press(page, "Look");
  assert.match(await text(page, ".summary"), /There is no report of this receipt/);
  assert.equal(await page.inputValue("[name=receipt]"), "ABCD-EFGH");
  await fits(page);

  const manager = await here.newcomer("Max", ["manager", "responder"]);
  await manager.goto(`/cases/${reference}`);
  await fill(manager, { text: "Which of the two fences?", to_reporter: "yes" });
  await press(manager, "Comment");
  assert.match(await text(manager, "#comments"), /Question to whoever reported it/);

  await lookUp(page, receipt.toLowerCase());
  await heading(page, "Your report");
  await fits(page);
  const shown = await text(page, ".receipt");
  assert.match(shown, /Which of the two fences\?/);
  assert.doesNotMatch(shown, /Max/, "who asks is not told");
  await fill(page, { text: "The one by the river." });
  await press(page, "Send");
  assert.match(await text(page, "[role=status]"), /Your answer is there/);
  await fits(page);
  assert.ok(!page.url().includes(receipt), "the receipt stands in no address");

  await manager.reload();
  assert.match(await text(manager, "#comments"), /From whoever reported it\s+The one by the river\./);
});

test("whoever is signed in reports as nobody all the same", async () => {
  const page = await here.newcomer("Ann", ["reporter"]);
  await page.goto("/open-report");
  await fill(page, { title: "Something about my team" });
  await press(page, "Go on");
  await press(page, "Send the report");
  await heading(page, "Thank you. It is registered.");
  const { reporter, registered_by } = await here.register.json("case", "show", await text(page, ".ref"));
  assert.deepEqual([reporter, registered_by], [null, "Somebody (open report)"]);
});

test("axe finds nothing on the pages of a report without an account, in light and in dark", async () => {
  const page = await here.visit();
  const found = [];
  const look = async (page) => {
    await loadAxe(page);
    for (const [colorScheme, options] of [["light", RULES], ["dark", COLOURS]]) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await axe(page, options)).map((line) => `${page.url()}, ${colorScheme}: ${line}`));
    }
  };
  const { reference, receipt } = await report(page, "A window that does not close", look);
  await here.register.run("case", "comment", reference, "Which window?", "--to-reporter");
  await lookUp(page, "ABCD");
  await look(page);
  await lookUp(page, receipt);
  await look(page);
  await fill(page, { text: "The large one." });
  await press(page, "Send");
  await look(page);
  const manager = await here.newcomer("Nor", ["manager", "responder"]);
  await manager.goto(`/cases/${reference}`);
  await look(manager);
  assert.deepEqual(found, []);
});

test("files go with a report of somebody who is signed in, and one that deceives is named", async () => {
  const page = await here.newcomer("Fay", ["reporter"], PHONE);
  await page.goto("/report");
  await fill(page, { title: "A strange mail" });
  for (const next of ["When did it happen?", "What does it look like?", "Is this right?"]) {
    await press(page, "Go on");
    await heading(page, next);
  }
  const file = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
  await fill(page, { attachments: [file("shot.png", "no picture at all")] });
  await press(page, "Send the report");
  assert.match(await text(page, "#attachments-error"), /"shot\.png" is called \.png but is something else/);
  assert.match(await text(page, ".answers"), /A strange mail/, "the answers are kept");
  await fits(page);
  await fill(page, { attachments: [file("mail.eml", "From: somebody"), file("note.txt", "abc")] });
  await press(page, "Send the report");
  await heading(page, "Thank you. It is registered.");
  await fits(page);
  assert.match(await text(page, ".receipt"), /note\.txt/);
  assert.match(await text(page, ".receipt"), /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/);
});

test("while reports without an account are off, the page for signing in leads nowhere else", async () => {
  await here.register.run("settings", "edit", "--open-reporting", "no");
  const page = await here.visit();
  await page.goto("/sign-in");
  assert.equal(await page.getByRole("link", { name: "Report without one" }).count(), 0);
  const answer = await page.goto("/open-report");
  assert.equal(answer.status(), 403);
  assert.match(await text(page, ".lead"), /Reports are taken from people with an account only/);
});
