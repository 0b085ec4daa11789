import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, follow, heading, leads, press, stage, text, unfold, until } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

const PHISH = {
  title: "A mail that pretended to be our supplier led to a false login page",
  summary: "Two passwords were typed into it before the supplier was called.",
};
// Why it was possible: at the filter, and, as a second answer to the first why, at the supplier.
const FILTER = [
  "The web filter let a domain of the day before pass",
  "New domains are looked at once a week",
  "The filter is not told how old a domain is",
  "It runs with the settings of the day it was bought",
  "No rule asks to look at the settings again",
];
const PRIMARY = "The settings of the filter have no owner";
const SUPPLIER = ["A message of a supplier is acted on without a call back", "Supplier onboarding agrees on no number to call"];

const YOUNG = "A domain that is one day old is not to be trusted";
const CALL_BACK = "What a supplier asks for by mail is confirmed another way";
const TRAIN = "Train staff to spot phishing";
const BLOCK = "Block domains younger than 30 days at the web filter";
const POLICY = "Write the call back into the supplier onboarding policy";
const RISK = "Social engineering: staff are talked into giving access away";

// What the page of the case tells once it is learned, in this order.
const STORY = [
  PHISH.title,
  "What happened",
  PHISH.summary,
  "Causes",
  ...FILTER,
  `${PRIMARY} Primary cause`,
  ...SUPPLIER,
  "Lessons",
  YOUNG,
  CALL_BACK,
  "Actions",
  `${TRAIN} Not done because:`,
  `${BLOCK} Done: Rule 4711 is live Judged by Moe: No false page was reached in two tests Effective`,
  `${POLICY} Done: Version 3 is in force Judged by Moe: Nine of nine suppliers were called back Effective`,
  "Controls",
  "A.8.23 Web filtering Failed The page was let pass",
  "A.8.23 Web filtering since",
  "Before New domains pass After Domains younger than 30 days are blocked",
  "A.5.19 Information security in supplier relationships since",
  "Before Requests by mail are believed After A request is confirmed by telephone",
  "Risks",
  `${RISK} Mitigate`,
  "Before 2 × 4 Medium After 3 × 4 High",
  "It worked twice in a week",
  "Learned: 9 of 9 in place",
];

function path(page) {
  return new URL(page.url()).pathname;
}

// The reference of a record, by its address.
function nameOf(record) {
  return record.split("/").at(-1);
}

// Words with single spaces between them.
function plain(words) {
  return words.replaceAll(/\s+/g, " ");
}

async function report(page, what) {
  await page.goto("/report");
  await fill(page, what);
  for (const next of ["When did it happen?", "What does it look like?", "Is this right?"]) {
    await press(page, "Go on");
    await heading(page, next);
  }
  await press(page, "Send the report");
  await follow(page, "Follow it");
  await heading(page, what.title);
  return path(page);
}

// The steps of a case that are behind it or present.
async function stands(page, step) {
  assert.equal(await text(page, ".steps [aria-current=step]"), step);
}

async function triage(page, story, what) {
  await page.goto(story);
  await follow(page, "Triage");
  await fill(page, what);
  await press(page, "Save");
}

async function approve(page, record) {
  await page.goto(record);
  await follow(page, "Approve");
  await press(page, "Approve");
}

// Types an answer where the focus is. The field that has it next is empty once the answer is saved.
async function because(page, why, keys) {
  const before = await page.locator(".rung").count();
  await page.keyboard.type(why);
  await page.keyboard.press(keys);
  await until(
    page,
    (rungs) =>
      document.querySelectorAll(".rung").length === rungs &&
      document.activeElement.matches("[data-because] textarea") &&
      document.activeElement.value === "",
    before + 1,
  );
}

// Answers the whys with the keys alone: nothing is clicked.
async function climb(page) {
  await page.locator("[data-because] textarea").first().focus();
  const [first, second, ...rest] = FILTER;
  for (const why of [first, second]) await because(page, why, "Enter");
  await page.locator(".another > summary", { hasText: "first why" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  for (const why of SUPPLIER) await because(page, why, "Enter");
  // Back in the first branch the keys stay there, though the other one stands below it.
  await page.locator('[data-because]:has([name=under][value="2"]) textarea').focus();
  for (const why of rest) await because(page, why, "Enter");
  await because(page, PRIMARY, "Shift+Enter");
  await page.reload();
  const answers = await page.locator(".rung p:first-child").allInnerTexts();
  assert.deepEqual(answers, [...FILTER, PRIMARY, ...SUPPLIER], "all of it is saved");
  const numbers = await page.locator(".rung .why").allInnerTexts();
  assert.deepEqual(numbers, ["Why 1", "Why 2", "Why 3", "Why 4", "Why 5", "Why 6", "Why 1.1", "Why 2.1"]);
}

// Everything that a full review asks for, up to its approval by somebody else.
async function review(rob, moe, story) {
  await rob.goto(story);
  await follow(rob, "Open a review");
  // The procedure has it led by a manager.
  await fill(rob, { problem: PHISH.title, kind: "full", facilitator: "Max", participants: "Ann\nRob" });
  await press(rob, "Open it");
  await stands(rob, "In review");
  await follow(rob, "Go on with the review");
  const review = path(rob);
  await climb(rob);
  await follow(rob, "Write down the meeting");
  await fill(rob, { minutes: "We went through the morning minute by minute." });
  await press(rob, "Save");
  await follow(rob, "How the response went");
  await fill(rob, { went_well: "The report came within minutes.", followed: "partly", deviations: "The phone list was old." });
  await press(rob, "Save");
  assert.match(await text(rob, "#evaluation"), /followed in part/);
  // Where the branches end, and that somebody looked for something like it.
  for (const [number, end] of [
    ["6", { primary: true, changeable: "yes", changeable_note: "Whatever is installed has an owner." }],
    ["2.1", { changeable: "yes", changeable_note: "The onboarding policy is ours." }],
  ]) {
    await rob.goto(`${review}/whys/${number}`);
    await fill(rob, end);
    await press(rob, "Save");
  }
  await follow(rob, "Look for similar cases");
  await fill(rob, { finding: "Nothing like it is in the register." });
  await press(rob, "Save");
  await follow(rob, "Submit for approval");
  await press(rob, "Submit");
  assert.equal(await rob.locator("main a", { hasText: /^Approve$/ }).count(), 0, "no way that ends at a refusal is shown");
  await rob.goto(`${review}/approval`);
  await press(rob, "Approve");
  assert.match(await text(rob, "main"), /your own work|do not allow/i, "nobody approves their own");
  await approve(moe, review);
  assert.match(await text(moe, "#facts"), /Approved by\s+Moe/);
}

async function draft(page, story, statement) {
  await page.goto(story);
  await unfold(page, "#lessons", "Draft a lesson");
  await fill(page, { statement, tags: "mail" });
  await press(page, "Save the draft");
  await page.goto(story);
  return page.locator("#lessons li", { hasText: statement }).locator("a").getAttribute("href");
}

// Plans an action for the lesson that was drafted last.
async function plan(page, story, lesson, what) {
  await page.goto(story);
  await unfold(page, "#actions", "Plan an action");
  await fill(page, { owner: "Rob", ...what });
  assert.equal(await page.inputValue("[name=lesson]"), nameOf(lesson), "the lesson is offered");
  await press(page, "Plan it");
  await page.goto(story);
  return actionOf(page, what.title);
}

// The address of an action, by its title on the page of its case.
function actionOf(page, title) {
  return page.locator("#actions tr", { hasText: title }).locator("a").first().getAttribute("href");
}

// Done by who owes it, judged by somebody else.
async function settle(rob, moe, action, done, shown) {
  await rob.goto(action);
  await follow(rob, "Complete");
  await fill(rob, { evidence: done });
  await press(rob, "Done");
  await rob.goto(`${action}/judgement`);
  await fill(rob, { outcome: "effective", evidence: shown });
  await press(rob, "Judge");
  assert.match(await text(rob, "main"), /your own work|do not allow/i, "nobody judges their own work");
  await moe.goto(action);
  await follow(moe, "Did it work?");
  await fill(moe, { outcome: "effective", evidence: shown });
  await press(moe, "Judge");
  assert.match(await text(moe, "main"), /judge it then, or say why it can be told already/, "no delay is skipped unsaid");
  await fill(moe, { early_reason: "It was tried today" });
  await press(moe, "Judge");
  assert.match(await text(moe, "#checks"), /Judged before that day because: It was tried today/);
  assert.match(await text(moe, "#checks"), /Judged by Moe/);
}

async function refusedToClose(page, story, why) {
  await page.goto(`${story}/closure`);
  await press(page, "Close the case");
  assert.match(await text(page, ".summary"), why);
}

// Every part, each behind the one before it.
function tells(whole, parts) {
  let at = 0;
  for (const part of parts) {
    const found = whole.indexOf(part, at);
    const where = whole.includes(part) ? "in its place" : "at all";
    assert.ok(found >= 0, `the story tells "${part}" ${where}, behind: ${whole.slice(0, at)}`);
    at = found + part.length;
  }
}

test("a phishing case refuses training alone, changes a filter, a policy and a risk, is learned and printed as a story", async () => {
  const [ann, rob, max, moe] = [
    await here.newcomer("Ann", ["reporter"]),
    await here.newcomer("Rob", ["responder"]),
    await here.newcomer("Max", ["manager", "responder"]),
    await here.newcomer("Moe", ["manager"]),
  ];
  // A risk that is known already.
  await moe.goto("/risks/new");
  await fill(moe, { title: RISK, owner: "Moe", treatment: "mitigate", likelihood: "2", impact: "4", why: "One case in years" });
  await press(moe, "Register it");
  await moe.goto("/risks");
  const risk = await moe.locator("main a[href^='/risks/RSK-']").first().getAttribute("href");

  // Report, triage, response, resolved.
  const story = await report(ann, PHISH);
  await stands(ann, "Reported");
  await max.goto("/");
  await follow(max, nameOf(story));
  await triage(max, story, { class: "incident", severity: "4", category: "phishing" });
  await stands(max, "Triaged");
  await follow(max, "Start the response");
  await fill(max, { responder: "Rob" });
  await press(max, "Start the response");
  await stands(max, "Responding");
  await rob.goto(story);
  await follow(rob, "Resolve");
  await press(rob, "Resolved");
  await stands(rob, "Resolved");

  await review(rob, moe, story);

  // To train people is no answer by itself.
  const young = await draft(rob, story, YOUNG);
  await stands(rob, "Acting");
  const training = await plan(rob, story, young, { title: TRAIN, kind: "people", check_measure: "Clicks in the next test" });
  await approve(moe, young);
  assert.match(await text(moe, ".summary"), /answered by training alone/, "people alone are no answer");
  const block = await plan(rob, story, young, {
    title: BLOCK,
    kind: "technical",
    due_on: "2031-01-01",
    due_reason: "The filter is replaced then",
    check_measure: "False pages that were reached in two tests",
    check_on: "2031-06-01",
    check_reason: "Two tests are planned in spring",
  });
  await approve(moe, young);
  const callBack = await draft(rob, story, CALL_BACK);
  const onboarding = { title: POLICY, kind: "procedural", check_measure: "Suppliers that were called back" };
  const policy = await plan(rob, story, callBack, onboarding);
  await approve(moe, callBack);
  // With the filter it is not needed any more.
  await moe.goto(`${training}/not-doing`);
  await fill(moe, { reason: "The filter stops what nobody can be trained to see", until: "2031-01-01" });
  await press(moe, "Decide not to do it");
  await refusedToClose(moe, story, /Rob owes it by/);

  await settle(rob, moe, block, "Rule 4711 is live", "No false page was reached in two tests");
  await settle(rob, moe, policy, "Version 3 is in force", "Nine of nine suppliers were called back");

  // What it changed in controls and in a risk, before and after.
  await rob.goto(`${story}/controls`);
  await fill(rob, { control: "A.8.23", performance: "failed", note: "The page was let pass" });
  await press(rob, "Save");
  for (const [control, before, after, lesson, action] of [
    ["A.8.23", "New domains pass", "Domains younger than 30 days are blocked", young, block],
    ["A.5.19", "Requests by mail are believed", "A request is confirmed by telephone", callBack, policy],
  ]) {
    await moe.goto(`${story}/control-changes`);
    await fill(moe, { control, before, after, lesson: nameOf(lesson), action: nameOf(action) });
    await press(moe, "Record it");
  }
  await moe.goto(`${risk}/links`);
  await fill(moe, { case: nameOf(story) });
  await press(moe, "Save");
  await refusedToClose(moe, story, /was not looked at since/);
  await moe.goto(story);
  await follow(moe, `Look at ${nameOf(risk)} again`);
  assert.equal(await moe.inputValue("[name=case]"), nameOf(story), "the case is named");
  await fill(moe, { likelihood: "3", impact: "4", why: "It worked twice in a week" });
  await press(moe, "Save");
  await moe.goto(`${risk}/acceptance`);
  await press(moe, "Accept");

  await moe.goto(story);
  assert.match(await text(moe, ".ready"), /Nothing is missing/);
  await follow(moe, "Close");
  await press(moe, "Close the case");
  await stands(moe, "Closed");
  tells(plain(await text(moe, "main")), STORY);

  // Whoever reported it can read that it is over.
  await leads(ann, () => ann.reload());
  await stands(ann, "Closed");

  // On paper it is one story, and nothing that can only be pressed stands in it.
  await moe.goto(story);
  await until(moe, () => !document.querySelector("[data-load][aria-busy]"));
  await moe.emulateMedia({ media: "print" });
  tells(plain(await text(moe, "body")), STORY);
  const pressed = moe.locator(":is(nav, .side, .skip, form, button, .button, input, select, textarea, dialog):visible");
  assert.deepEqual((await pressed.allInnerTexts()).map(plain), [], "neither navigation nor buttons nor forms are printed");
});

// The forms that are sent from windows from now on. A step is a form that somebody sends, whoever it is; the report is
// one, though its form has four pages. What is only read or followed is none.
function steps(...pages) {
  const sent = [];
  for (const page of pages) {
    page.on("request", (request) => {
      if (request.method() !== "POST" || !request.isNavigationRequest()) return;
      const { pathname } = new URL(request.url());
      if (pathname !== "/report" || sent.at(-1) !== "/report") sent.push(pathname);
    });
  }
  return sent;
}

test("a broken lock and an empty reception come from the report to a physical action in five steps each", async () => {
  const [kim, lea, ben] = [
    await here.newcomer("Kim", ["reporter"]),
    await here.newcomer("Lea", ["manager", "responder"]),
    await here.newcomer("Ben", ["manager"]),
  ];
  const sent = steps(kim, lea, ben);
  for (const [title, cause, lesson, action] of [
    ["Broken lock", "The lock is older than its warranty", "Locks are changed before they break", "Fit a new lock"],
    ["Reception unmanned at lunchtime", "Nobody stands in at noon", "The desk has two people", "Fit a bell"],
  ]) {
    const story = await report(kim, { title });
    await triage(lea, story, { class: "weakness", severity: "1" });
    await follow(lea, "Write the light review");
    await fill(lea, { cause, lesson, action, action_kind: "physical", owner: "Lea" });
    await press(lea, "Submit for approval");
    const review = path(lea);
    await approve(ben, review);
    await ben.goto(story);
    const learned = await ben.locator("#lessons a[href^='/lessons/']").getAttribute("href");
    await approve(ben, learned);
    const five = ["/report", `${story}/classification`, `${review}/light`, `${review}/approval`, `${learned}/approval`];
    assert.deepEqual(sent.splice(0), five);

    await lea.goto(story);
    await stands(lea, "Acting");
    assert.match(await text(lea, "#loop h2"), /5 of 9 in place/);
    await follow(lea, nameOf(await actionOf(lea, action)));
    assert.match(await text(lea, "#facts"), /Owner\s+Lea[^]*Kind\s+Physical/);
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
