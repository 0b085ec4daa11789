// Takes pictures of some pages of the sample company, or of every one, each in light, in dark, on a phone and as it is
// printed, into a folder: node screenshots.mjs [--every] FOLDER
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./support/browser.mjs";
import { EVERYTHING, everyPage, oneOfEach, openSample } from "./support/everything.mjs";

const words = process.argv.slice(2);
const isEvery = words.includes("--every");
const folder = words.find((word) => !word.startsWith("--")) ?? "screenshots";

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 320, height: 640 };
const DRESSES = [
  ["light", DESK, { colorScheme: "light" }],
  ["dark", DESK, { colorScheme: "dark" }],
  ["phone", PHONE, { colorScheme: "light" }],
  ["print", { width: 794, height: 1123 }, { colorScheme: "light", media: "print" }],
];

// The page of the first record that a list shows.
async function first(page, list) {
  await page.goto(list);
  return page.locator("main tbody a").first().getAttribute("href");
}

// The review of a case: one with causes.
async function reviewOf(page, record) {
  await page.goto(record);
  return page.locator('main a[href^="/reviews/PIR-"]').first().getAttribute("href");
}

async function places(page) {
  const story = "/cases?q=state%3Aclosed%20has%3Acause%20has%3Alesson%20has%3Aaction&sort=-severity";
  const record = await first(page, story);
  return [
    ["my-work", "/"],
    ["report", "/report"],
    ["register", "/cases"],
    ["filtered", "/cases?q=class%3Aincident%20severity%3A%3E%3D4"],
    ["case", record],
    ["facts", `${record}/facts`],
    ["review", await reviewOf(page, record)],
    ["lessons", "/lessons"],
    ["action", await first(page, "/actions")],
    ["search", "/search?q=phishing"],
    ["loop", "/loop"],
    ["procedure", "/procedure"],
    ["say-do", "/procedure/say-do"],
    ["risks", "/risks"],
    ["changes", "/changes"],
  ];
}

// A picture of every page is called what its address is.
async function every(page) {
  const { pages } = await everyPage(register, page.request);
  return oneOfEach(pages).map(({ address }) => {
    const { pathname, search } = new URL(address);
    const name = `${pathname}${search}`.slice(1).replaceAll(/[^\w-]+/g, "_").slice(0, 80) || "home";
    return [name, `${pathname}${search}`];
  });
}

const register = await openSample();
try {
  const browser = await launch();
  try {
    const context = await browser.newContext({ baseURL: register.address, locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(await register.entrance(EVERYTHING));
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Go in" }).click()]);
    await mkdir(folder, { recursive: true });
    for (const [name, address] of await (isEvery ? every(page) : places(page))) {
      for (const [dress, size, media] of DRESSES) {
        await page.setViewportSize(size);
        await page.emulateMedia({ media: "screen", ...media });
        await page.goto(address);
        await page.waitForFunction(() => !document.querySelector("[data-load][aria-busy]"));
        await page.evaluate(() => document.fonts.ready);
        const path = join(folder, `${name}-${dress}.png`);
        await page.screenshot({ path, fullPage: true, animations: "disabled" });
        console.log(path);
      }
    }
  } finally {
    await browser.close();
  }
} finally {
  await register.stop();
}
