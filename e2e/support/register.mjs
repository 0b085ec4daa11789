// A register in a scratch folder, with the real program serving it. The server ends with the test, however it ends.
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

// Longest that a server may take to start or to stop. Nothing waits that long: it is when a test gives up.
const PATIENCE = 60_000;

const program = process.env.NEVERTWICE_BIN ?? new URL("../../target/debug/nevertwice", import.meta.url).pathname;

// Nothing of what the developer has set for their own register.
function environment() {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("NEVERTWICE_"));
  return { ...Object.fromEntries(own), NO_COLOR: "1" };
}

// Whoever runs all tests names a folder that is removed whatever becomes of them.
async function scratch() {
  return mkdtemp(join(process.env.NEVERTWICE_E2E_SCRATCH ?? tmpdir(), "nevertwice-e2e-"));
}

// Fills a folder with the sample company.
export async function fillSample(folder, signal) {
  await run(program, ["--data", folder, "demo", "--no-serve"], { env: environment(), signal });
}

export class Register {
  // An empty register of Ada, who founded it.
  static async empty() {
    const register = new Register(await scratch());
    try {
      await register.run("init", "--company", "Example AI", "--time-zone", "Europe/Berlin", "--person", "Ada");
      await register.serve();
    } catch (error) {
      await register.stop();
      throw error;
    }
    return register;
  }

  // The sample company. Whoever runs all tests has filled one already; each gets a copy.
  static async sample() {
    const register = new Register(await scratch());
    try {
      const filled = process.env.NEVERTWICE_E2E_SAMPLE;
      if (filled) await cp(filled, register.data, { recursive: true });
      else await fillSample(register.data);
      await register.serve();
    } catch (error) {
      await register.stop();
      throw error;
    }
    return register;
  }

  constructor(folder) {
    this.folder = folder;
    this.data = join(folder, "data");
    this.said = "";
  }

  // Runs a command on the register and gives what it printed.
  async run(...words) {
    const { stdout } = await run(program, ["--data", this.data, ...words], { env: environment() });
    return stdout.trim();
  }

  // As `run`, with what it prints as JSON.
  async json(...words) {
    return JSON.parse(await this.run(...words, "--json"));
  }

  // Somebody with roles, and the code that lets them choose a password.
  async invite(name, ...roles) {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.org`;
    await this.run("person", "new", name, "--email", email, ...roles.flatMap((role) => ["--role", role]));
    return { name, email, code: await this.run("person", "invite", name) };
  }

  // A path that lets somebody of the sample in, once.
  async entrance(name) {
    return `/enter/${await this.run("person", "sign-in-link", "--person", name)}`;
  }

  // The code that the console shows while whoever runs the register has no password.
  async setupCode() {
    const [, code] = await this.heard(/\/setup and type\n\s+(\S+)/);
    return code;
  }

  async serve() {
    // The kernel ends the server if this process ends without a word.
    const words = ["--pdeathsig", "KILL", program, "--data", this.data, "serve", "--listen", "127.0.0.1:0"];
    this.server = spawn("setpriv", words, { env: environment(), stdio: ["ignore", "ignore", "pipe"] });
    this.ended = new Promise((resolve, reject) => {
      this.server.once("exit", resolve);
      this.server.once("error", reject);
    });
    this.server.stderr.setEncoding("utf8").on("data", (text) => {
      this.said += text;
      this.server.emit("said");
    });
    [, this.address] = await this.heard(/^Open (http:\S+)$/m);
  }

  // What the server says on its console, as soon as it does.
  heard(wanted) {
    return inTime(`the server to say ${wanted}`, (found, failed) => {
      const look = () => {
        const match = wanted.exec(this.said);
        if (match) found(match);
      };
      this.server.on("said", look);
      this.ended.then((code) => failed(new Error(`the server ended with ${code}: ${this.said}`)), failed);
      look();
    });
  }

  async stop() {
    if (this.server) {
      this.server.kill("SIGTERM");
      try {
        await inTime("the server to stop", (found) => this.ended.then(found));
      } finally {
        this.server.kill("SIGKILL");
      }
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

function inTime(what, begin) {
  return new Promise((found, failed) => {
    const late = setTimeout(() => failed(new Error(`waited too long for ${what}`)), PATIENCE);
    const end = (then) => (value) => {
      clearTimeout(late);
      then(value);
    };
    begin(end(found), end(failed));
  });
}
