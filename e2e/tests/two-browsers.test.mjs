// Two people at one review, and a browser that dies: nothing that was written is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, follow, heading, launchDoomed, press, signIn, stage, text, until } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

// What a browser that dies may lose.
const LOSS = 2_000;

function kept(page) {
  return page.getByText("Draft kept").waitFor();
}

// A review that has been opened, of an incident that is over.
async function review(title) {
  const { reference } = await here.register.json("case", "new", title);
  await here.register.run("case", "classify", reference, "weakness");
  const { reference: review } = await here.register.json("review", "new", reference, "--kind", "five_whys");
  return review;
}

// Sends a form whose answer is the same form again, and gives the status.
async function refused(page, words) {
  const answer = page.waitForResponse((response) => response.request().method() === "POST" && !response.url().endsWith("/drafts"));
  await press(page, words);
  return (await answer).status();
}

async function managers(...names) {
  return Promise.all(names.map((name) => here.newcomer(name, ["manager"])));
}

function because(page, number) {
  return page.locator(`#because-${number}`);
}

async function answer(page, number, words, rungs) {
  await because(page, number).fill(words);
  await because(page, number).press("Enter");
  await until(page, (rungs) => document.querySelectorAll(".rung").length === rungs, rungs);
}

async function answers(page) {
  return page.locator(".rung p:first-child").allInnerTexts();
}

test("what two people add to one ladder stands there, both of it", async () => {
  const at = `/reviews/${await review("The door stood open")}`;
  const [first, second] = await managers("Abe", "Bel");
  await first.goto(at);
  await answer(first, "problem", "Nobody closed it", 1);
  await second.goto(at);
  await answer(first, "1", "The closer was broken", 2);
  await answer(second, "1", "The wind pushed it", 3);
  await first.reload();
  const all = await answers(first);
  for (const words of ["Nobody closed it", "The closer was broken", "The wind pushed it"]) {
    assert.ok(all.includes(words), `${words} stands there: ${all}`);
  }
});

test("whoever writes the minutes is not held up by answers that somebody adds", async () => {
  const at = await review("The badge reader was off");
  const [first, second] = await managers("Cem", "Dot");
  await first.goto(`/reviews/${at}/meeting`);
  await fill(first, { minutes: "We walked to the door." });
  await second.goto(`/reviews/${at}`);
  await answer(second, "problem", "It had no power", 1);
  await press(first, "Save");
  await heading(first, "The badge reader was off");
  assert.match(await text(first, "#minutes"), /walked to the door/);
  assert.deepEqual(await answers(first), ["It had no power"]);
});

test("minutes that both wrote are shown side by side, and nothing of either is lost", async () => {
  const at = await review("The lift stopped");
  const [first, second] = await managers("Eli", "Fee");
  await first.goto(`/reviews/${at}/meeting`);
  await second.goto(`/reviews/${at}/meeting`);
  await fill(first, { minutes: "The cable was checked." });
  await press(first, "Save");
  await fill(second, { minutes: "The motor was hot." });
  assert.equal(await refused(second, "Save"), 409);
  assert.equal(await second.inputValue("[name=minutes]"), "The motor was hot.");
  const theirs = await second.locator(".theirs").allInnerTexts();
  assert.ok(theirs.some((line) => line.includes("The cable was checked.")), `what stands there is shown: ${theirs}`);
  await fill(second, { minutes: "The cable was checked. The motor was hot." });
  await press(second, "Save");
  await heading(second, "The lift stopped");
  assert.match(await text(second, "#minutes"), /cable was checked\. The motor was hot/);
});

test("an answer that both reword is shown in both wordings", async () => {
  const at = await review("The mail went out");
  const [first, second] = await managers("Gil", "Hue");
  await first.goto(`/reviews/${at}`);
  await answer(first, "problem", "The list was old", 1);
  await first.goto(`/reviews/${at}/whys/1`);
  await second.goto(`/reviews/${at}/whys/1`);
  await fill(first, { statement: "Nobody had cleaned the list" });
  await press(first, "Save");
  await fill(second, { statement: "The list came from the old system", evidence: "Its export is from 2019." });
  assert.equal(await refused(second, "Save"), 409);
  assert.equal(await second.inputValue("[name=statement]"), "The list came from the old system");
  assert.equal(await second.inputValue("[name=evidence]"), "Its export is from 2019.");
  assert.match((await second.locator(".theirs").allInnerTexts()).join(), /Nobody had cleaned the list/);
  await press(second, "Save");
  await second.goto(`/reviews/${at}`);
  assert.deepEqual(await answers(second), ["The list came from the old system"]);
});

test("questions that both send beforehand are not written over unseen", async () => {
  const at = await review("The backup was empty");
  const [first, second] = await managers("Ian", "Joy");
  await first.goto(`/reviews/${at}/date`);
  await second.goto(`/reviews/${at}/date`);
  await fill(first, { questions: "How do we notice?" });
  await press(first, "Save");
  await fill(second, { questions: "What did the job say?" });
  assert.equal(await refused(second, "Save"), 409);
  assert.equal(await second.inputValue("[name=questions]"), "What did the job say?");
  assert.match((await second.locator(".theirs").allInnerTexts()).join(), /How do we notice\?/);
});

test("a browser that is killed loses at most two seconds of what was written", async () => {
  const at = await review("The key was copied");
  await (await here.newcomer("Kai", ["manager"])).close();
  const { browser, kill } = await launchDoomed();
  const page = await browser.newPage({ baseURL: here.register.address });
  await signIn(page, "kai@example.org");
  await page.goto(`/reviews/${at}/meeting`);
  await page.locator("[name=minutes]").focus();
  // Without a pause, which is when a draft is kept the latest.
  const typed = [];
  const end = Date.now() + 5_000;
  while (Date.now() < end) {
    await page.keyboard.type(`w${typed.length} `);
    typed.push(Date.now());
  }
  await kill();
  const died = Date.now();

  const later = await here.visit();
  await signIn(later, "kai@example.org");
  await heading(later, "My work");
  await follow(later, `The meeting: ${at}`);
  const words = (await later.inputValue("[name=minutes]")).trim().split(" ");
  const safe = typed.filter((moment) => moment < died - LOSS).length;
  assert.ok(safe > 10, `enough was typed to tell: ${typed.length}`);
  assert.ok(words.length >= safe, `${words.length} words of ${typed.length} are there, and ${safe} are older than ${LOSS} ms`);
  assert.deepEqual(words.slice(0, safe), typed.slice(0, safe).map((_, place) => `w${place}`));
});

test("what is begun in the fields of the ladder is kept whole, whatever its wording, until each is added", async () => {
  const at = await review("The mail was opened");
  const page = await here.newcomer("Lia", ["manager"]);
  await page.goto(`/reviews/${at}`);
  await answer(page, "problem", "It looked like one of ours", 1);
  await because(page, "1").fill("Human error");
  await page.locator("details.another > summary").last().click();
  await because(page, "problem").fill("The filter let it pass");
  await kept(page);
  const later = await page.context().newPage();
  await page.close();

  await later.goto(`/reviews/${at}`);
  assert.match(await text(later, ".draft"), /You began this .* and did not send it/);
  assert.equal(await because(later, "1").inputValue(), "");
  await later.goto("/");
  await follow(later, `Why?: ${at}`);
  assert.equal(await because(later, "1").inputValue(), "Human error", "a draft is never held up by a rule on wording");
  assert.equal(await because(later, "problem").inputValue(), "The filter let it pass");
  await because(later, "problem").press("Enter");
  await until(later, () => document.querySelectorAll(".rung").length === 2);
  assert.equal(await because(later, "1").inputValue(), "Human error", "what is not added yet stays where it is");
  await kept(later);
  const dropped = later.waitForResponse((response) => response.url().endsWith("/drafts/dropped"));
  await because(later, "1").fill("The sender was not shown");
  await because(later, "1").press("Enter");
  await dropped;
  await later.goto("/");
  assert.equal(await later.locator("#drafts").count(), 0, "nothing is begun any more");
});
