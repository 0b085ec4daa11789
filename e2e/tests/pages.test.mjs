import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { axe, COLOURS, loadAxe, RULES, SIZES } from "../support/axe.mjs";
import { press, stage } from "../support/browser.mjs";
import { crawl, declaredPatterns, filledIn, patternOf } from "../support/pages.mjs";
import { Register } from "../support/register.mjs";

// Reports without an account are taken, so that their pages are there.
const here = stage(async () => {
  const register = await Register.sample();
  await register.run("settings", "edit", "--open-reporting", "yes");
  return register;
});

// Runs the register and looks after it: manager and administrator, and everything below.
const EVERYTHING = "Mara Hollmann";
const PHONE = { width: 320, height: 640 };
const DESK = { width: 1280, height: 900 };

// Lists that lead to records in states in which they offer their forms, and to the fullest story.
const STARTS = [
  "/",
  "/cases?q=state:closed%20has:cause%20has:lesson%20has:evidence&sort=-severity",
  "/reviews?q=state:open",
  "/actions?q=state:open",
  "/search?q=phishing",
  "/account",
];

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

// Cases with something on them that most do not have. A gap comes of an import alone, so one row is brought in.
async function telling() {
  const old = join(here.register.folder, "old.csv");
  await writeFile(old, "Reference,Title\nOLD-1,A door that was open\n");
  await here.register.run("import", "spreadsheet", old);
  const queries = ["has:gap", "has:evidence", "state:reported", "state:closed has:cause has:lesson has:action"];
  const lists = await Promise.all(queries.map((query) => here.register.json("case", "list", "--query", query)));
  return lists.map(({ items }) => `/cases/${items[0].reference}`);
}

async function find() {
  const page = await here.as(EVERYTHING);
  const { address } = here.register;
  const linked = await crawl(page.request, address, [...STARTS, ...(await telling())], 2);
  const seen = new Set(linked.map((found) => found.pattern));
  const more = filledIn(await declaredPatterns(), linked).filter((path) => !seen.has(patternOf(new URL(path, address))));
  const declared = await crawl(page.request, address, more, 2, linked);
  // Some addresses only take what a form sends.
  const pages = [...linked, ...declared.filter(({ status }) => status !== 405)];
  return { pages: pages.filter(({ html }) => html), answers: pages, sent: declared.filter(({ status }) => status === 405) };
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

// Lists and forms look the same whatever they are of, so one of each sort is enough where looking takes long; records
// differ, so all that were found are looked at.
function oneOfEach(pages) {
  const first = new Map(pages.toReversed().map((page) => [page.pattern, page]));
  return pages.filter((page) => /^\/[a-z-]+\/\*$/.test(page.pattern) || first.get(page.pattern) === page);
}

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
