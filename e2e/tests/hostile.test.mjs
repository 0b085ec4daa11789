import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, follow, heading, press, stage, text } from "../support/browser.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

// What is harmless only while it stays text. Each sets `window.ran` if it becomes more.
const NAUGHTY = [
  `<script>window.ran = 1</script> '"><img src=x onerror=window.ran=1> </textarea></title><svg onload=window.ran=1>`,
  `=cmd|' /C calc'!A0 javascript:window.ran=1 &lt;b&gt; &amp; &#60;i&#62; Robert'); DROP TABLE cases;--`,
  `{{7*7}} \${7*7} <%= 7*7 %> #{7*7} مرحبا بالعالم שלום abc 👩🏽‍🚀🏳️‍🌈 ﷽ Ω≈ç√∫ 田中さん`,
];

async function isInert(page, words) {
  assert.equal(await page.evaluate(() => window.ran), undefined, `${words} ran`);
  const made = await page.locator("main img, main script, main svg[onload], main [onerror]").count();
  assert.equal(made, 0, `${words} became an element`);
}

test("hostile text stays the text that it is, in title, summary, comment and why", async () => {
  const page = await here.newcomer("Max", ["manager", "responder"]);
  for (const words of NAUGHTY) {
    await page.goto("/report");
    // A code block shows a text letter by letter, whatever Markdown would make of it.
    await fill(page, { title: words, summary: `\`\`\`\n${words}\n\`\`\`` });
    for (const next of ["When did it happen?", "What does it look like?", "Is this right?"]) {
      await press(page, "Go on");
      await heading(page, next);
      await isInert(page, words);
    }
    assert.equal(await text(page, ".answers dd"), words);
    await press(page, "Send the report");
    await isInert(page, words);
    await follow(page, "Follow it");
    const story = page.url();
    assert.equal(await text(page, "h1"), words);
    assert.equal(await text(page, "#summary pre"), words);
    assert.ok((await page.title()).includes(words), await page.title());
    await fill(page, { text: `\`\`\`\n${words}\n\`\`\`` });
    await press(page, "Comment");
    assert.equal(await text(page, "#comments pre"), words);
    await isInert(page, words);

    await page.goto(`${story}/classification`);
    await fill(page, { class: "weakness" });
    await press(page, "Save");
    await page.goto(`${story}/reviews`);
    assert.equal(await page.inputValue("[name=problem]"), words);
    await press(page, "Open it");
    await follow(page, "Go on with the review");
    await page.locator("[data-because] textarea").first().fill(words);
    await page.keyboard.press("Enter");
    await page.locator(".rung").first().waitFor();
    assert.equal(await text(page, ".rung p"), words);
    await isInert(page, words);
    await page.goto(`${story}/facts`);
    assert.equal(await page.inputValue("[name=title]"), words, "it is edited as it was typed");
    await isInert(page, words);
  }
  await page.goto("/cases");
  const titles = await page.locator("td.what a").allInnerTexts();
  assert.deepEqual(new Set(titles), new Set(NAUGHTY));
  await isInert(page, "the register");
});

test("hostile Markdown becomes neither an element nor an address that runs", async () => {
  const page = await here.newcomer("Ned", ["manager"]);
  const { reference } = await here.register.json("case", "new", "Markdown");
  await page.goto(`/cases/${reference}`);
  for (const words of [...NAUGHTY, "[press](javascript:window.ran=1)", "![x](https://evil.example/x.png)", "<https://evil.example>"]) {
    await fill(page, { text: words });
    await press(page, "Comment");
    await isInert(page, words);
  }
  const addresses = await page.locator("#comments a").evaluateAll((links) => links.map((link) => link.protocol));
  assert.ok(addresses.every((protocol) => protocol.startsWith("http")), `${addresses}`);
});

test("hostile text in an address is shown as text", async () => {
  const page = await here.newcomer("Oli", ["manager"]);
  for (const words of NAUGHTY) {
    for (const path of ["/cases?q=", "/search?q=", "/cases?sort=", "/cases?after=", "/sign-in?next="]) {
      await page.goto(path + encodeURIComponent(words));
      await isInert(page, `${path} ${words}`);
    }
    await page.goto(`/${encodeURIComponent(words)}`);
    await isInert(page, words);
  }
});
