// Real windows of Debian's Chromium, and what must never happen in any of them: a request to another host, an error on
// the console, anything that the content security policy had to stop.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { chromium } from "playwright-core";

// Longest that a page may take for anything. It is when a test gives up; nothing waits that long.
const PATIENCE = 20_000;

// What the browser itself says of an answer that is meant to be a refusal, and of a network that a test takes away.
const REFUSAL =
  /^Failed to load resource: (the server responded with a status of (401|403|404|409|422|429) |net::ERR_INTERNET_DISCONNECTED)/;

const OPTIONS = {
  executablePath: process.env.NEVERTWICE_CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
};

export async function launch() {
  return chromium.launch(OPTIONS);
}

// A browser that a test kills: nothing of it is asked before it ends.
export async function launchDoomed() {
  const server = await chromium.launchServer(OPTIONS);
  const browser = await chromium.connect(server.wsEndpoint());
  return { browser, kill: () => server.kill() };
}

// A register and a browser for the tests of a file; both end with it.
export function stage(register) {
  const stage = { trouble: [], contexts: [] };
  before(async () => {
    stage.register = await register();
    stage.browser = await launch();
    // A window for a visitor who is not signed in.
    stage.visit = (options = {}) => open(stage, options);
    // A window for somebody of the sample.
    stage.as = async (name, options = {}) => {
      const page = await open(stage, options);
      await enter(page, await stage.register.entrance(name));
      return page;
    };
    // A window for somebody new with these roles, who chooses a password by an invitation.
    stage.newcomer = async (name, roles, options = {}) => {
      const { code } = await stage.register.invite(name, ...roles);
      const page = await open(stage, options);
      await accept(page, code);
      return page;
    };
  });
  afterEach(async () => {
    await Promise.all(stage.contexts.splice(0).map((context) => context.close()));
    const trouble = stage.trouble.splice(0);
    assert.deepEqual(trouble, [], "nothing goes wrong behind a page");
  });
  after(async () => {
    await stage.browser?.close();
    await stage.register?.stop();
  });
  return stage;
}

async function open(stage, options) {
  const context = await stage.browser.newContext({
    baseURL: stage.register.address,
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  stage.contexts.push(context);
  watch(context, stage.register.address, stage.trouble);
  return context.newPage();
}

function watch(context, address, trouble) {
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== address) trouble.push(`a request to ${url}`);
  });
  context.on("console", (message) => {
    if (message.type() !== "error" || REFUSAL.test(message.text())) return;
    trouble.push(`on the console of ${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => trouble.push(`${error.page()?.url()}: ${error.error().stack}`));
}

export const PASSWORD = "four quiet words here";

async function enter(page, path) {
  await page.goto(path);
  await press(page, "Go in");
}

export async function accept(page, code) {
  await page.goto(`/invitation/${code}`);
  await fill(page, { password: PASSWORD, again: PASSWORD });
  await press(page, "Save and go in");
  await heading(page, "My work");
}

export async function signIn(page, email, password = PASSWORD, more = {}) {
  await page.goto("/sign-in");
  await fill(page, { email, password, ...more });
  await press(page, "Sign in");
}

// Fills in fields by their names, whatever kind they are of.
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`main [name="${name}"]:not([type=hidden])`).first();
    const kind = await field.evaluate((element) => element.type);
    if (kind === "radio") await page.locator(`main [name="${name}"][value="${value}"]`).check();
    else if (kind === "checkbox") await field.setChecked(value);
    else if (kind === "select-one") await field.selectOption(value);
    else if (kind === "file") await field.setInputFiles(value);
    else await field.fill(value);
  }
}

// Does something that leads to another page, and waits until that is there.
export async function leads(page, act) {
  await Promise.all([page.waitForEvent("load"), act()]);
}

// Presses a button of the content that leads to another page.
export async function press(page, words) {
  await leads(page, () => page.locator("main").getByRole("button", { name: words, exact: true }).click());
}

// Follows a link of the content.
export async function follow(page, words) {
  await leads(page, () => page.locator("main").getByRole("link", { name: words, exact: true }).first().click());
}

// Opens the form of a part of a page in that part.
export async function unfold(page, part, words) {
  await page.locator(part).getByRole("link", { name: words, exact: true }).click();
  await page.locator(`${part} .inline form.sheet`).waitFor();
}

// The heading of a page, once it is this one.
export async function heading(page, words) {
  await page.getByRole("heading", { level: 1, name: words, exact: true }).waitFor();
}

// Waits until something that is read from a page is so.
export async function until(page, isSo, argument) {
  await page.waitForFunction(isSo, argument);
}

// The text of an element, without what only screen readers are told.
export async function text(page, selector) {
  return (await page.locator(selector).first().innerText()).trim();
}
