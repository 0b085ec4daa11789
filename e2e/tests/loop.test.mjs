import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, follow, heading, leads, press, stage, text, unfold, until } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

const PROBLEM = "Ransomware encrypted a file server";
const WHYS = [
  "An admin followed a phishing link",
  "The mail filter let the message pass",
  "Its definitions were three days old",
  "The update server stopped on Friday",
  "The update server was not in the monitoring inventory",
];

function path(page) {
  return new URL(page.url()).pathname;
}

async function report(page) {
  await page.goto("/report");
  await fill(page, { title: PROBLEM, summary: "Files on the share end in .locked" });
  for (const next of ["When did it happen?", "What does it look like?", "Is this right?"]) {
    await press(page, "Go on");
    await heading(page, next);
  }
  await press(page, "Send the report");
  await follow(page, "Follow it");
  await heading(page, PROBLEM);
  return path(page);
}

// The steps of a case that are behind it or present.
async function stands(page, step) {
  assert.equal(await text(page, ".steps [aria-current=step]"), step);
}

// Answers the whys with the keys alone: nothing is clicked.
async function climb(page) {
  await page.locator("[data-because] textarea").first().focus();
  for (const [place, why] of WHYS.entries()) {
    await page.keyboard.type(why);
    await page.keyboard.press("Enter");
    // The next field has the focus once the answer is saved.
    await until(
      page,
      (rungs) =>
        document.querySelectorAll(".rung").length === rungs &&
        document.activeElement.matches("[data-because] textarea") &&
        document.activeElement.value === "",
      place + 1,
    );
  }
}

test("a phishing case goes from the report to a closed story, four hands doing it", async () => {
  const [ann, rob, max, moe] = [
    await here.newcomer("Ann", ["reporter"]),
    await here.newcomer("Rob", ["responder"]),
    await here.newcomer("Max", ["manager", "responder"]),
    await here.newcomer("Moe", ["manager"]),
  ];
  const story = await report(ann);
  await stands(ann, "Reported");

  // Triage, response, resolved.
  await max.goto("/");
  await follow(max, story.split("/").at(-1));
  await follow(max, "Triage");
  await fill(max, { class: "incident", severity: "4" });
  await press(max, "Save");
  await stands(max, "Triaged");
  await follow(max, "Start the response");
  await fill(max, { responder: "Rob" });
  await press(max, "Start the response");
  await stands(max, "Responding");
  await rob.goto(story);
  await follow(rob, "Resolve");
  await press(rob, "Resolved");
  await stands(rob, "Resolved");

  // The review, its ladder by keys.
  await follow(rob, "Open a review");
  // The procedure has it led by a manager.
  await fill(rob, { problem: PROBLEM, kind: "full", facilitator: "Max", participants: "Ann\nRob" });
  await press(rob, "Open it");
  await stands(rob, "In review");
  await follow(rob, "Go on with the review");
  const review = path(rob);
  await climb(rob);
  assert.deepEqual(await rob.locator(".rung .why").allInnerTexts(), ["Why 1", "Why 2", "Why 3", "Why 4", "Why 5"]);
  await rob.keyboard.type("Nobody asked who owns it");
  await rob.keyboard.press("Shift+Enter");
  await until(rob, () => document.querySelectorAll(".rung").length === 6 && document.activeElement.matches("[data-because] textarea"));
  await rob.reload();
  const answers = await rob.locator(".rung p:first-child").allInnerTexts();
  assert.deepEqual(answers, [...WHYS, "Nobody asked who owns it"], "all of it is saved");
  await follow(rob, "Write down the meeting");
  await fill(rob, { minutes: "We went through the weekend hour by hour." });
  await press(rob, "Save");
  await follow(rob, "How the response went");
  await fill(rob, { went_well: "The switch was reached in minutes.", followed: "partly", deviations: "The phone list was old." });
  await press(rob, "Save");
  assert.match(await text(rob, "#evaluation"), /followed in part/);
  // Where the branch ends, and that somebody looked for something like it.
  await rob.goto(`${review}/whys/6`);
  await fill(rob, { primary: true, changeable: "yes", changeable_note: "Whatever is installed is watched." });
  await press(rob, "Save");
  await follow(rob, "Look for similar cases");
  await fill(rob, { finding: "Nothing like it is in the register." });
  await press(rob, "Save");
  await follow(rob, "Submit for approval");
  await press(rob, "Submit");
  assert.equal(await rob.locator("main a", { hasText: /^Approve$/ }).count(), 0, "no way that ends at a refusal is shown");
  await rob.goto(`${review}/approval`);
  await press(rob, "Approve");
  assert.match(await text(rob, "main"), /your own work|do not allow/i, "nobody approves their own");
  await moe.goto(review);
  await follow(moe, "Approve");
  await press(moe, "Approve");
  assert.match(await text(moe, "#facts"), /Approved by\s+Moe/);

  // What was learned, and what is done about it.
  await rob.goto(story);
  await stands(rob, "Acting");
  await unfold(rob, "#lessons", "Draft a lesson");
  await fill(rob, { statement: "A filter is only as good as its last update", tags: "mail, monitoring" });
  await press(rob, "Save the draft");
  await rob.goto(story);
  const lesson = await rob.locator("#lessons a[href^='/lessons/']").getAttribute("href");
  await unfold(rob, "#actions", "Plan an action");
  await fill(rob, { title: "Train staff to spot phishing", kind: "people", owner: "Rob", check_measure: "Clicks in the next test" });
  await press(rob, "Plan it");
  await moe.goto(lesson);
  await follow(moe, "Approve");
  await press(moe, "Approve");
  assert.match(await text(moe, ".summary"), /answered by training alone/, "people alone are no answer");
  await rob.goto(story);
  await unfold(rob, "#actions", "Plan an action");
  await fill(rob, {
    title: "Alert on-call when an update server is silent for an hour",
    owner: "Rob",
    due_on: "2031-01-01",
    due_reason: "The server is replaced then",
    check_measure: "Stops found by alert within an hour",
    check_on: "2031-06-01",
    check_reason: "Two stops are planned in spring",
  });
  assert.equal(await rob.inputValue("[name=lesson]"), lesson.split("/").at(-1), "the lesson is offered");
  await press(rob, "Plan it");
  await moe.goto(lesson);
  await follow(moe, "Approve");
  await press(moe, "Approve");
  await moe.goto(story);
  await moe.goto(`${story}/closure`);
  await press(moe, "Close the case");
  assert.match(await text(moe, ".summary"), /Rob owes it by/, "it is not closed before the action is done");

  // Done, and judged by somebody else.
  await rob.goto(story);
  const links = await rob.locator("#actions a[href^='/actions/']").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  const actions = [...new Set(links)];
  assert.equal(actions.length, 2);
  for (const action of actions) {
    await rob.goto(action);
    await follow(rob, "Complete");
    await fill(rob, { evidence: "Rule 4711 is live" });
    await press(rob, "Done");
    await rob.goto(`${action}/judgement`);
    await fill(rob, { outcome: "effective", evidence: "Two stops, both alerted" });
    await press(rob, "Judge");
    assert.match(await text(rob, "main"), /your own work|do not allow/i, "nobody judges their own work");
    await moe.goto(action);
    await follow(moe, "Did it work?");
    await fill(moe, { outcome: "effective", evidence: "Two stops, both alerted" });
    await press(moe, "Judge");
    assert.match(await text(moe, "#checks"), /Judged by Moe/);
  }

  // What it changed in controls and in a risk, before and after.
  await rob.goto(`${story}/controls`);
  await fill(rob, { control: "A.8.16", performance: "failed", note: "The server was not watched" });
  await press(rob, "Save");
  for (const [control, before, after] of [
    ["A.8.23", "New domains pass", "Domains younger than 30 days are blocked"],
    ["A.5.19", "Accounts are believed", "A changed account is confirmed by telephone"],
  ]) {
    await moe.goto(`${story}/control-changes`);
    await fill(moe, { control, before, after });
    await press(moe, "Record it");
  }
  await moe.goto("/risks/new");
  await fill(moe, { title: "Staff are talked into giving access away", owner: "Moe", treatment: "mitigate", likelihood: "2", impact: "4", why: "One case in three years" });
  await press(moe, "Register it");
  await moe.goto("/risks");
  const risk = await moe.locator("main a[href^='/risks/RSK-']").first().getAttribute("href");
  await moe.goto(`${risk}/links`);
  await fill(moe, { case: story.split("/").at(-1) });
  await press(moe, "Save");
  await moe.goto(`${story}/closure`);
  await press(moe, "Close the case");
  assert.match(await text(moe, ".summary"), /was not looked at since/, "closing asks what became of the risk");
  await moe.goto(`${risk}/assessments`);
  await fill(moe, { likelihood: "3", impact: "4", why: "It worked twice in a week", case: story.split("/").at(-1) });
  await press(moe, "Save");
  await moe.goto(`${risk}/acceptance`);
  await press(moe, "Accept");
  await moe.goto(story);
  assert.match(await text(moe, ".ready"), /Nothing is missing/);
  await follow(moe, "Close");
  await press(moe, "Close the case");
  await stands(moe, "Closed");
  const whole = await text(moe, "main");
  assert.match(await text(moe, "#loop h2"), /Learned: 9 of 9 in place/);
  const told = [...WHYS, "A filter is only as good as its last update", "Alert on-call", "Rule 4711 is live"];
  told.push("New domains pass", "Domains younger than 30 days are blocked", "It worked twice in a week");
  for (const part of told) {
    assert.ok(whole.includes(part), `the story tells: ${part}`);
  }

  // Whoever reported it can read that it is over.
  await leads(ann, () => ann.reload());
  await stands(ann, "Closed");
});

test("a broken lock and an empty reception are five steps each", async () => {
  const [lea, ben] = [await here.newcomer("Lea", ["manager", "responder"]), await here.newcomer("Ben", ["manager"])];
  for (const [title, cause, lesson, action] of [
    ["Broken lock", "The lock is older than its warranty", "Locks are changed before they break", "Fit a new lock"],
    ["Reception unmanned at lunchtime", "Nobody stands in at noon", "The desk has two people", "Fit a bell"],
  ]) {
    // One, the report; two, the triage; three, the light review; four and five, two approvals.
    const { reference } = await here.register.json("case", "new", title);
    const story = `/cases/${reference}`;
    await lea.goto(story);
    await follow(lea, "Triage");
    await fill(lea, { class: "weakness", severity: "1" });
    await press(lea, "Save");
    await follow(lea, "Write the light review");
    await fill(lea, { cause, lesson, action, action_kind: "physical", owner: "Lea" });
    await press(lea, "Submit for approval");
    const review = path(lea);
    await ben.goto(review);
    await follow(ben, "Approve");
    await press(ben, "Approve");
    await ben.goto(story);
    await ben.goto(await ben.locator("#lessons a[href^='/lessons/']").getAttribute("href"));
    await follow(ben, "Approve");
    await press(ben, "Approve");
    await lea.goto(story);
    await stands(lea, "Acting");
    assert.match(await text(lea, "#actions"), new RegExp(action));
    assert.match(await text(lea, "#loop h2"), /5 of 9 in place/);
  }
});

test("a why that blames a person is answered with a question before it can be submitted", async () => {
  const page = await here.newcomer("Pia", ["manager", "responder"]);
  const reference = await here.register.run("case", "new", "Wrong mail", "--json").then((text) => JSON.parse(text).reference);
  await here.register.run("case", "classify", reference, "weakness");
  const { reference: review } = await here.register.json("review", "new", reference, "--kind", "light");
  await page.goto(`/reviews/${review}`);
  await page.locator("[data-because] textarea").first().focus();
  await page.keyboard.type("Human error");
  await page.keyboard.press("Enter");
  await page.locator(".hint-line[data-blocks]").waitFor();
  assert.match(await text(page, ".hint-line[data-blocks]"), /\?/);
});
