// Every page that somebody can reach: found by following links from the start page, and by the program's own list of
// addresses, filled in with records that were found on the way.
import { readFile } from "node:fs/promises";

// Addresses that only programs ask.
const NO_PAGES = ["/fields", "/measures/volume", "/work", "/cases/{case}/lessons/similar"];

// The addresses as the program declares them.
export async function declaredPatterns() {
  const source = await readFile(new URL("../../crates/web/src/paths.rs", import.meta.url), "utf8");
  return [...source.matchAll(/^ {4}\w+ "(\/[^"]*)"/gm)].map(([, pattern]) => pattern).filter((pattern) => !NO_PAGES.includes(pattern));
}

// An address without what differs from record to record. Which query it has counts, not what is asked.
export function patternOf(address) {
  const { pathname, searchParams } = new URL(address);
  const path = pathname
    .replaceAll(/\/[A-Z]{2,5}-(\d{4}-)?\d{4,}(?=\/|$)/g, "/*")
    // Controls: `A.5.27` and `C-1`.
    .replaceAll(/\/(A\.\d+\.\d+|C-\d+)(?=\/|$)/g, "/*")
    .replaceAll(/\/[0-9a-f-]{32,36}(?=\/|$)/g, "/*")
    .replaceAll(/\/\d+(\.\d+)*(?=\/|$)/g, "/*");
  const asked = [...new Set(searchParams.keys())].sort().join("&");
  return asked ? `${path}?${asked}` : path;
}

// What a page links to on this site, without the part behind `#`.
function linksOf(html, address) {
  const { origin } = new URL(address);
  const hrefs = [...html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map(([, href]) => href.replaceAll("&amp;", "&"));
  const links = hrefs.map((href) => new URL(href, address)).filter((link) => link.origin === origin);
  for (const link of links) link.hash = "";
  return [...new Set(links.map(String))];
}

// Follows links from `starts` as whoever `request` is of, at most `limit` of each pattern behind them, `before`
// included. Gives every new answer: its address, where it was linked, its status, and its HTML if it is a page.
export async function crawl(request, origin, starts, limit, before = []) {
  const found = new Map();
  const known = new Set(before.map(({ address }) => address));
  const seen = new Map();
  for (const { pattern } of before) seen.set(pattern, (seen.get(pattern) ?? 0) + 1);
  const queue = starts.map((path) => ({ address: new URL(path, origin).href, from: "the list of starts", isStart: true }));
  while (queue.length > 0) {
    const { address, from, isStart } = queue.shift();
    const pattern = patternOf(address);
    const times = seen.get(pattern) ?? 0;
    if (known.has(address) || (times >= limit && !isStart)) continue;
    known.add(address);
    seen.set(pattern, times + 1);
    const answer = await request.get(address, { maxRedirects: 5 });
    const isPage = (answer.headers()["content-type"] ?? "").startsWith("text/html");
    const html = isPage ? await answer.text() : undefined;
    found.set(address, { address, from, pattern, status: answer.status(), html });
    if (isPage && answer.ok()) queue.push(...linksOf(html, address).map((link) => ({ address: link, from: address })));
  }
  return [...found.values()];
}

// The declared addresses filled in with parts of addresses that were found.
export function filledIn(patterns, found) {
  const addresses = found.filter(({ status }) => status < 400).map(({ address }) => new URL(address).pathname);
  return patterns.flatMap((pattern) => {
    // What is new has no name yet.
    const matching = (of) => new RegExp(`^${of.replaceAll(/\{\w+\}/g, "(?!new(?:/|$))[^/]+")}$`);
    const wanted = matching(pattern);
    if (!pattern.includes("{")) return [pattern];
    const known = addresses.find((address) => wanted.test(address));
    if (known) return [known];
    // A form below a record: the record is known, even if no page links to its form at present.
    const [, record, rest] = /^(.*\{\w+\})(\/[^{]*)$/.exec(pattern) ?? [];
    const above = record && addresses.find((address) => matching(record).test(address));
    return above ? [`${above}${rest}`] : [];
  });
}
