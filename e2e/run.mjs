// Runs the browser tests, or those files that are named: fills the sample company once, runs two files at a time, and
// leaves nothing behind.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillSample } from "./support/register.mjs";

// When one file has taken so long it hangs.
const LONGEST = 600_000;

const here = import.meta.dirname;
const named = process.argv.slice(2);
const all = (await readdir(join(here, "tests"))).filter((name) => name.endsWith(".test.mjs"));
// The longest one first.
all.sort((a, b) => Number(b.startsWith("pages")) - Number(a.startsWith("pages")) || a.localeCompare(b));
const files = named.length > 0 ? named : all.map((name) => join(here, "tests", name));

// Whoever stops this stops everything that it started, and what was written goes too.
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop.abort());

const scratch = await mkdtemp(join(tmpdir(), "nevertwice-e2e-"));
try {
  const sample = join(scratch, "sample");
  await fillSample(sample, stop.signal);
  const words = ["--test", "--test-concurrency=2", `--test-timeout=${LONGEST}`, "--test-reporter=spec", ...files];
  const env = { ...process.env, NEVERTWICE_E2E_SCRATCH: scratch, NEVERTWICE_E2E_SAMPLE: sample };
  const tests = spawn(process.execPath, words, { stdio: "inherit", env });
  stop.signal.addEventListener("abort", () => tests.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve, reject) => {
    tests.on("exit", (code) => resolve(code ?? 1));
    tests.on("error", reject);
  });
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
