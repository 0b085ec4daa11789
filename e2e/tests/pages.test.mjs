import assert from "node:assert/strict";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { axe, COLOURS, loadAxe, RULES, SIZES } from "../support/axe.mjs";
import { press, stage } from "../support/browser.mjs";
import { EVERYTHING, everyPage, oneOfEach, openSample } from "../support/everything.mjs";
import { crawl, declaredPatterns } from "../support/pages.mjs";

const here = stage(openSample);

const PHONE = { width: 320, height: 640 };
const DESK = { width: 1280, height: 900 };

// Addresses that are no page for somebody who is signed in, each with the reason.
const NO_PAGES = new Map([
  ["/sign-in", "leads on whoever is signed in; looked at by a visitor below"],
  ["/invitation/{code}", "needs a code; looked at by a visitor below"],
  ["/enter/{code}", "needs a code; looked at by a visitor below"],
  ["/livez", "for machines"],
  ["/readyz", "for machines"],
  ["/metrics", "for machines"],
  ["/account/sessions/{id}/end", "takes what a form sends"],
  ["/account/tokens/{id}/revocation", "takes what a form sends"],
]);

let crawled;

// Crawled once for all tests of this file.
function everything() {
  crawled ??= find();
  return crawled;
}

async function find() {
  const page = await here.as(EVERYTHING);
  return everyPage(here.register, page.request);
}

async function axeInEveryDress(page, address, found) {
  await loadAxe(page);
  const dressed = [
    ["light", DESK, RULES],
    ["dark", DESK, COLOURS],
    ["light", PHONE, SIZES],
  ];
  for (const [colorScheme, size, options] of dressed) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const lines = await axe(page, options);
    found.push(...lines.map((line) => [address, `${colorScheme}, ${size.width} wide: ${line}`]));
  }
}

// Fails with what was found, each thing once, with how often and where for the first time.
function told(found) {
  const things = new Map();
  for (const [where, what] of found) things.set(what, [...(things.get(what) ?? []), where]);
  const lines = [...things].map(([what, all]) => `${what} (${all.length} times, first at ${all[0]})`);
  assert.equal(found.length, 0, `${lines.length} things found:\n${lines.slice(0, 60).join("\n")}`);
}

function refusals(answers) {
  const refused = answers.filter(({ status }) => status >= 400);
  return refused.map(({ address, from, status }) => [from, `${status} at ${new URL(address).pathname}`]);
}

test("every link on every page leads somewhere", async () => {
  const { answers } = await everything();
  assert.ok(answers.length > 60, `only ${answers.length} addresses were reached`);
  told(refusals(answers));
});

test("every address that the program declares is looked at", async () => {
  const { answers, sent } = await everything();
  const paths = [...answers, ...sent].map(({ address }) => new URL(address).pathname);
  const missing = (await declaredPatterns()).filter((pattern) => {
    const wanted = new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return !NO_PAGES.has(pattern) && !paths.some((path) => wanted.test(path));
  });
  told(missing.map((pattern) => ["paths.rs", `${pattern} was not reached`]));
});

test("every page is valid HTML", async () => {
  const { pages } = await everything();
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    rules: {
      // How a void element and the doctype are spelt is the template engine's business and means the same.
      "void-style": "off",
      "doctype-style": "off",
      // How much of a title a search engine shows: none sees these pages, and cases are called what they are called.
      "long-title": "off",
      // A list may have a name (ARIA 1.2), and what reads pages aloud says it.
      "aria-label-misuse": ["error", { allowAnyNamable: true }],
      // Several boxes of one name are several values of it, as any form has them.
      "form-dup-name": ["error", { shared: ["radio", "button", "submit", "reset", "checkbox"] }],
      // What is found while somebody types into a combobox stands in a list box (ARIA practices); a select is none.
      "prefer-native-element": ["error", { exclude: ["listbox"] }],
    },
  });
  const found = [];
  for (const { address, html } of pages) {
    const { results } = await validator.validateString(html);
    const messages = results.flatMap(({ messages }) => messages);
    found.push(...messages.map(({ ruleId, message, selector }) => [address, `${ruleId}: ${message} at ${selector}`]));
  }
  told(found);
});

let looked;

// Every page is looked at once, in the order of what is cheap to change: its width, its medium, its colours.
function looks() {
  looked ??= look();
  return looked;
}

async function look() {
  const { pages } = await everything();
  const page = await here.as(EVERYTHING);
  const found = { headings: [], widths: [], printed: [], axe: [] };
  for (const { address } of oneOfEach(pages)) {
    await page.setViewportSize(PHONE);
    await page.goto(address);
    // What arrives behind the page is part of it.
    await page.waitForFunction(() => !document.querySelector("[data-load][aria-busy]"));
    const { headings, width } = await page.evaluate(() => ({
      headings: document.querySelectorAll("h1").length,
      width: document.documentElement.scrollWidth,
    }));
    if (headings !== 1) found.headings.push([address, `${headings} headings of the first level`]);
    if (width > PHONE.width) found.widths.push([address, `${width} pixels wide`]);
    await page.emulateMedia({ media: "print" });
    const shown = await page.locator("nav:visible, .side:visible, [role=search]:visible").count();
    if (shown > 0) found.printed.push([address, "its navigation is printed"]);
    await page.emulateMedia({ media: "screen" });
    await axeInEveryDress(page, address, found.axe);
  }
  return found;
}

test("axe finds nothing on any page, in light, in dark and on a phone", async () => {
  told((await looks()).axe);
});

test("every page has one heading", async () => {
  told((await looks()).headings);
});

test("every page fits on a phone", async () => {
  told((await looks()).widths);
});

test("every page is printed without its navigation", async () => {
  told((await looks()).printed);
});

test("axe finds nothing on what a visitor sees and on forms that were refused", async () => {
  const found = [];
  const visitor = await here.visit();
  const { secret } = await here.register.json("person", "invite", "Sofia Brandl");
  for (const path of ["/sign-in", "/open-report", "/receipt", "/setup", `/invitation/${secret}`, "/invitation/none", await here.register.entrance(EVERYTHING), "/no-such-page"]) {
    await visitor.goto(path);
    await axeInEveryDress(visitor, path, found);
  }
  await visitor.goto("/sign-in");
  await press(visitor, "Sign in");
  await axeInEveryDress(visitor, "/sign-in, refused", found);

  const page = await here.as(EVERYTHING);
  const reference = (await here.register.json("case", "list")).items[0].reference;
  for (const [path, words] of [
    ["/report", "Go on"],
    ["/account/tokens", "Make it"],
    [`/cases/${reference}/decision`, "Decide"],
    [`/cases/${reference}/actions`, "Plan it"],
    [`/cases/${reference}/evidence`, "Add"],
  ]) {
    await page.goto(path);
    await press(page, words);
    await page.locator(".summary").waitFor();
    await axeInEveryDress(page, `${path}, refused`, found);
  }
  await page.goto("/cases?q=severity:huge");
  await axeInEveryDress(page, "the register with a query that cannot be read", found);
  await page.goto("/cases?q=nothinghasthisword");
  await axeInEveryDress(page, "the register without rows", found);
  told(found);
});

for (const [name, role] of [
  ["Sofia Brandl", "a reporter"],
  ["Tobias Renke", "a responder"],
  ["Idris Vantor", "a manager"],
  ["Ruben Castell", "an auditor"],
  ["Gerrit Maas", "sales"],
  ["Beatrix Aldenhof", "the board"],
]) {
  test(`no link on a page of ${role} leads to a refusal`, async () => {
    const page = await here.as(name);
    const answers = await crawl(page.request, here.register.address, ["/"], 2);
    told(refusals(answers));
  });
}
