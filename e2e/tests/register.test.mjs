import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { heading, leads, stage, text, until } from "../support/browser.mjs";
import { readCsv } from "../support/csv.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.sample());

const MANAGER = "Mara Hollmann";

async function opened(path = "/cases") {
  const page = await here.as(MANAGER);
  await page.goto(path);
  await heading(page, "Register");
  return page;
}

function references(page) {
  return page.locator("[data-rows] tbody td.ref a").allInnerTexts();
}

async function total(page) {
  return Number(await page.locator("[data-total]").getAttribute("data-total"));
}

function asked(page) {
  return new URL(page.url()).searchParams.get("q");
}

// Every row of the list, page after page.
async function allRows(page) {
  const rows = await references(page);
  const next = page.getByRole("link", { name: "Next page" });
  while (await next.count()) {
    await leads(page, () => next.click());
    rows.push(...(await references(page)));
  }
  return rows;
}

async function downloaded(page, words) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: words, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("typing without a network says so, and goes on once it is back", async () => {
  const page = await opened();
  await page.context().setOffline(true);
  await page.locator("#q").pressSequentially("phis");
  await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  await page.context().setOffline(false);
  await page.locator("#q").pressSequentially("hing");
  await until(page, () => new URL(location.href).searchParams.get("q") === "phishing");
  assert.ok((await references(page)).length > 0);
});

test("rows and address follow what is typed", async () => {
  const page = await opened();
  const before = await total(page);
  await page.locator("#q").pressSequentially("phishing");
  await until(page, (before) => Number(document.querySelector("[data-total]").dataset.total) < before, before);
  await until(page, () => new URL(location.href).searchParams.get("q") === "phishing");
  const live = await references(page);
  assert.ok(live.length > 0);
  assert.equal(await page.locator("#q").inputValue(), "phishing");
  await page.reload();
  assert.deepEqual(await references(page), live, "whoever opens the address sees the same");
});

test("a query that cannot be read says why beside the field, and the field keeps it", async () => {
  const page = await opened();
  await page.locator("#q").fill("severity:>=huge");
  await page.locator("#results .error").waitFor();
  assert.match(await text(page, "#results .error"), /severity/i);
  await page.locator("#q").press("Enter");
  await page.locator("#results .error").waitFor();
  assert.equal(await page.locator("#q").inputValue(), "severity:>=huge");
  await page.locator("#q").fill("severity:>=4");
  await page.locator("[data-rows]").waitFor();
});

test("a part of the filter is taken away by its chip", async () => {
  const page = await opened("/cases?q=class%3Aincident%20state%3Aclosed");
  const both = await total(page);
  await leads(page, () => page.locator(".chip", { hasText: "state:closed" }).click());
  assert.equal(asked(page), "class:incident");
  assert.ok((await total(page)) >= both);
  await leads(page, () => page.getByRole("link", { name: "Clear", exact: true }).click());
  assert.equal(asked(page), null);
});

test("the chips follow what is typed", async () => {
  const page = await opened("/cases?q=class%3Aincident");
  await page.locator("#q").fill("class:incident state:closed");
  await page.locator(".chip", { hasText: "state:closed" }).waitFor();
  await leads(page, () => page.locator(".chip", { hasText: "class:incident" }).click());
  assert.equal(asked(page), "state:closed");
});

test("a count beside the list turns its filter on and off, and counts right", async () => {
  const page = await opened();
  const whole = await total(page);
  const facet = page.locator("#facets a").first();
  await facet.waitFor();
  const count = Number((await facet.locator(".count").innerText()).replaceAll(/\D/g, ""));
  await leads(page, () => facet.click());
  assert.equal(await total(page), count, "as many as were promised");
  const on = page.locator("#facets a[aria-current=true]").first();
  await on.waitFor();
  await leads(page, () => on.click());
  assert.equal(await total(page), whole);
});

test("the counts follow what is typed", async () => {
  const page = await opened();
  await page.locator("#q").fill("phishing");
  await until(page, () => document.querySelector("#facets:not([aria-busy]) a[href*=\"q=phishing\"]"));
  await leads(page, () => page.locator("#facets a").first().click());
  assert.match(asked(page), /^phishing\* /, "a count narrows what was typed");
});

test("the list is put in order by its headings, both ways", async () => {
  const page = await opened();
  const severities = () => page.locator("td[data-label=Severity]").allInnerTexts();
  const column = page.locator("th", { hasText: "Severity" });
  await leads(page, () => column.getByRole("link").click());
  assert.equal(await column.getAttribute("aria-sort"), "descending");
  const worst = (await severities())[0];
  await leads(page, () => column.getByRole("link").click());
  assert.equal(await column.getAttribute("aria-sort"), "ascending");
  assert.notEqual((await severities())[0], worst);
  await leads(page, () => page.locator("th", { hasText: "Reference" }).getByRole("link").click());
  const down = await allRows(page);
  assert.deepEqual(down, [...down].sort().reverse());
});

test("columns are chosen, stay while the list is filtered, and stand in the address", async () => {
  const page = await opened();
  const headings = () => page.locator("[data-rows] th").allInnerTexts();
  assert.ok(!(await headings()).includes("Tags"));
  await page.locator("summary", { hasText: "Columns" }).click();
  await page.getByLabel("Tags").check();
  await page.getByLabel("Category").uncheck();
  await leads(page, () => page.getByRole("button", { name: "Show these" }).click());
  const chosen = await headings();
  assert.ok(chosen.includes("Tags") && !chosen.includes("Category"), `the chosen ones: ${chosen}`);
  await page.locator("#q").pressSequentially("phishing");
  await until(page, () => new URL(location.href).searchParams.get("q") === "phishing");
  assert.deepEqual(await headings(), chosen, "the same while somebody types");
  await page.reload();
  assert.deepEqual(await headings(), chosen, "whoever opens the address sees the same");
  await leads(page, () => page.locator("th", { hasText: "Severity" }).getByRole("link").click());
  assert.deepEqual(await headings(), chosen, "the same in another order");
  await page.locator("#q").press("End");
  await page.locator("#q").pressSequentially(" state:closed");
  await until(page, () => /state:closed/.test(new URL(location.href).searchParams.get("q")));
  await page.locator("summary", { hasText: "Columns" }).click();
  await leads(page, () => page.getByRole("button", { name: "Show these" }).click());
  assert.match(asked(page), /state:closed/, "what was typed stays when columns are chosen");
});

test("next page goes on where the last one ended, and every case is there once", async () => {
  const page = await opened();
  const rows = await allRows(page);
  assert.equal(rows.length, await total(page));
  assert.equal(new Set(rows).size, rows.length);
  await leads(page, () => page.getByRole("link", { name: "First page" }).click());
  assert.deepEqual(await references(page), rows.slice(0, 50));
});

test("CSV holds exactly the rows that the filter shows, in their order", async () => {
  const page = await opened("/cases?q=class%3Aincident&sort=-severity");
  const { name, bytes } = await downloaded(page, "CSV");
  assert.equal(name, "cases.csv");
  const table = readCsv(bytes.toString("utf8"));
  const titles = await page.locator("[data-rows] tbody td.what a").allInnerTexts();
  assert.deepEqual(table.slice(0, titles.length).map((row) => row.Title), titles);
  assert.deepEqual(table.map((row) => row.Reference), await allRows(page));
  assert.ok(table.every((row) => row.Class === "incident"));
});

test("what was typed is what is exported", async () => {
  const page = await opened();
  await page.locator("#q").fill("phishing");
  await until(page, () => new URL(location.href).searchParams.get("q") === "phishing");
  const { bytes } = await downloaded(page, "CSV");
  const rows = readCsv(bytes.toString("utf8")).map((row) => row.Reference);
  assert.deepEqual(rows, await allRows(page));
});

test("the workbook is one", async () => {
  const page = await opened("/cases?q=class%3Aweakness");
  const { name, bytes } = await downloaded(page, "XLSX");
  assert.equal(name, "cases.xlsx");
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
  assert.ok(bytes.includes("xl/worksheets/sheet1.xml"));
});

test("what a role may not see is not in its register", async () => {
  const manager = await opened();
  const reporter = await here.as("Sofia Brandl");
  await reporter.goto("/cases");
  const [all, own] = [await total(manager), await total(reporter)];
  assert.ok(own < all, `${own} of ${all}`);
  const seen = new Set(await references(reporter));
  const other = (await references(manager)).find((row) => !seen.has(row));
  assert.equal((await reporter.goto(`/cases/${other}`)).status(), 404);
});
