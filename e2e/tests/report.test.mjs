import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, follow, heading, press, stage, text } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

async function fits(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${page.url()} is ${width} pixels wide`);
}

// The whole report as somebody writes it who knows none of the words of the trade.
async function report(page) {
  await page.goto("/report");
  await heading(page, "What happened?");
  await fits(page);
  await fill(page, { title: "A mail with a strange link", summary: "It asked for my password." });
  await press(page, "Go on");
  await heading(page, "When did it happen?");
  await fits(page);
  await fill(page, { day: "2026-03-17", time: "10:22" });
  await press(page, "Go on");
  await heading(page, "What does it look like?");
  await fits(page);
  await fill(page, { class: "near_miss", done: "Told the team lead." });
  await press(page, "Go on");
  await heading(page, "Is this right?");
  await fits(page);
  const answers = await page.locator(".answers dd:not(.change)").allInnerTexts();
  assert.deepEqual(answers.map((answer) => answer.trim()), [
    "A mail with a strange link",
    "It asked for my password.",
    "2026-03-17 10:22",
    "It was stopped in time",
    "Told the team lead.",
  ]);
  await page.locator(".answers .change button").first().click();
  await heading(page, "What happened?");
  assert.equal(await page.inputValue("[name=title]"), "A mail with a strange link");
  await fill(page, { title: "A mail with a very strange link" });
  for (const next of ["When did it happen?", "What does it look like?", "Is this right?"]) {
    await press(page, "Go on");
    await heading(page, next);
  }
  await press(page, "Send the report");
  await heading(page, "Thank you. It is registered.");
  await fits(page);
  assert.match(await text(page, ".receipt .ref"), /^CASE-\d{4}-\d{4}$/);
  assert.match(await text(page, ".receipt"), /A mail with a very strange link/);
  assert.match(await text(page, ".receipt"), /You will not be blamed/);
  await follow(page, "Follow it");
  await heading(page, "A mail with a very strange link");
  await fits(page);
  const story = await text(page, "#summary");
  assert.match(story, /It asked for my password\./);
  assert.match(story, /Done so far: Told the team lead\./);
  assert.match(await text(page, ".head-facts"), /Near miss/);
}

test("somebody reports in four pages on a phone of 320 pixels", async () => {
  await report(await here.newcomer("Ann", ["reporter"], PHONE));
});

test("the same report goes through without JavaScript", async () => {
  await report(await here.newcomer("Ben", ["reporter"], { ...PHONE, javaScriptEnabled: false }));
});

// How long a person takes: a letter on the glass of a phone (40 words a minute), a tap with finding where, and a page to
// read before answering.
const LETTER = 0.3;
const TAP = 1.3;
const READING = 3;

test("a report takes less than a minute on a phone: letters, taps, reading, and the time of the pages", async () => {
  const page = await here.newcomer("Cleo", ["reporter"], PHONE);
  const began = performance.now();
  let person = 0;
  const writes = async (name, words, letters = words.length) => {
    person += TAP + letters * LETTER;
    await fill(page, { [name]: words });
  };
  const goesOn = async (words, next) => {
    person += TAP + READING;
    await press(page, words);
    await heading(page, next);
  };
  await page.goto("/report");
  person += READING;
  await writes("title", "A mail with a strange link");
  await writes("summary", "It asked for my password.");
  await goesOn("Go on", "When did it happen?");
  // A date and a time are chosen: about as many taps as they have parts.
  await writes("day", "2026-03-17", 0);
  await writes("time", "10:22", 0);
  person += 4 * TAP;
  await goesOn("Go on", "What does it look like?");
  await writes("class", "near_miss", 0);
  await goesOn("Go on", "Is this right?");
  await goesOn("Send the report", "Thank you. It is registered.");
  const seconds = person + (performance.now() - began) / 1000;
  assert.ok(seconds < 60, `it takes ${seconds.toFixed(1)} s`);
});

test("on a phone the menu leads everywhere and out again", async () => {
  const page = await here.newcomer("Mia", ["reporter"], PHONE);
  await page.getByText("Menu", { exact: true }).click();
  await page.getByRole("link", { name: "Register", exact: true }).click();
  await heading(page, "Register");
  await page.getByText("Menu", { exact: true }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await heading(page, "Sign in");
});

test("a title is enough", async () => {
  const page = await here.newcomer("Cat", ["reporter"]);
  await page.goto("/report");
  await fill(page, { title: "The server room was open" });
  for (const next of ["When did it happen?", "What does it look like?", "Is this right?"]) {
    await press(page, "Go on");
    await heading(page, next);
  }
  await press(page, "Send the report");
  await heading(page, "Thank you. It is registered.");
});

test("what cannot be read is named, takes the focus, and clears nothing", async () => {
  const page = await here.newcomer("Dot", ["reporter"]);
  await page.goto("/report");
  await fill(page, { summary: "Everything I saw, at length." });
  await press(page, "Go on");
  await heading(page, "What happened?");
  assert.ok(await page.locator(".summary").evaluate((summary) => summary === document.activeElement));
  assert.equal(await page.inputValue("[name=summary]"), "Everything I saw, at length.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.name), "title", "it leads to the field");
  assert.equal(await page.locator("#title").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("#title").getAttribute("aria-describedby"), "title-hint title-error");
  await fill(page, { title: "A door" });
  await press(page, "Go on");
  await fill(page, { time: "10:22" });
  await press(page, "Go on");
  await heading(page, "When did it happen?");
  assert.equal(await page.inputValue("[name=time]"), "10:22");
});

test("a report is sent once, however often its button is pressed", async () => {
  const page = await here.newcomer("Eli", ["reporter"]);
  await page.goto("/report");
  await fill(page, { title: "Pressed twice" });
  for (const next of ["When did it happen?", "What does it look like?", "Is this right?"]) {
    await press(page, "Go on");
    await heading(page, next);
  }
  await page.getByRole("button", { name: "Send the report" }).dblclick();
  await heading(page, "Thank you. It is registered.");
  await page.goto("/cases?q=Pressed");
  assert.equal(await page.locator("[data-total]").getAttribute("data-total"), "1");
});
