// What axe finds on a page.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const RULES = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  rules: { "target-size": { enabled: true } },
};

// What depends on the colours of a scheme.
export const COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };
// What depends on the width of a window.
export const SIZES = { runOnly: { type: "rule", values: ["target-size", "scrollable-region-focusable"] } };

// Chromium lets whoever tests evaluate what the policy forbids to the page, so the policy stays in force.
export async function loadAxe(page) {
  await page.evaluate(source);
}

// What is found, as lines that say where.
export async function axe(page, options) {
  const violations = await page.evaluate(async (options) => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"], ...options });
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`) }));
  }, options);
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node}`));
}
