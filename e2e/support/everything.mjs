// Every page of the sample company that its security lead can reach.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crawl, declaredPatterns, filledIn, patternOf } from "./pages.mjs";
import { Register } from "./register.mjs";

// Runs the register and looks after it: manager and administrator, and everything below.
export const EVERYTHING = "Mara Hollmann";

// Lists that lead to records in states in which they offer their forms, and to the fullest story.
const STARTS = [
  "/",
  "/cases?q=state:closed%20has:cause%20has:lesson%20has:evidence&sort=-severity",
  "/reviews?q=state:open",
  "/actions?q=state:open",
  "/search?q=phishing",
  "/account",
];

// The sample company, with reports without an account taken, so that their pages are there.
export async function openSample() {
  const register = await Register.sample();
  await register.run("settings", "edit", "--open-reporting", "yes");
  return register;
}

// Cases with something on them that most do not have. A gap comes of an import alone, so one row is brought in.
async function telling(register) {
  const old = join(register.folder, "old.csv");
  await writeFile(old, "Reference,Title\nOLD-1,A door that was open\n");
  await register.run("import", "spreadsheet", old);
  const queries = ["has:gap", "has:evidence", "state:reported", "state:closed has:cause has:lesson has:action"];
  // One that tells of controls, and one with a link that somebody says is not needed.
  queries.push("loop:controls", "title:\"Swapped labels\"");
  const lists = await Promise.all(queries.map((query) => register.json("case", "list", "--query", query)));
  return lists.map(({ items }) => `/cases/${items[0].reference}`);
}

// What `request`, signed in as `EVERYTHING`, reaches: its pages, every answer, and the addresses that only take what a
// form sends.
export async function everyPage(register, request) {
  const { address } = register;
  const linked = await crawl(request, address, [...STARTS, ...(await telling(register))], 2);
  const seen = new Set(linked.map((found) => found.pattern));
  const more = filledIn(await declaredPatterns(), linked).filter((path) => !seen.has(patternOf(new URL(path, address))));
  const declared = await crawl(request, address, more, 2, linked);
  const answers = [...linked, ...declared.filter(({ status }) => status !== 405)];
  return { pages: answers.filter(({ html }) => html), answers, sent: declared.filter(({ status }) => status === 405) };
}

// Lists and forms look the same whatever they are of, so one of each sort is enough where looking takes long; records
// differ, so all that were found are looked at.
export function oneOfEach(pages) {
  const first = new Map(pages.toReversed().map((page) => [page.pattern, page]));
  return pages.filter((page) => /^\/[a-z-]+\/\*$/.test(page.pattern) || first.get(page.pattern) === page);
}
