import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, fill, follow, heading, leads, PASSWORD, press, signIn, stage, text } from "../support/browser.mjs";
import { codeOf } from "../support/code.mjs";
import { Register } from "../support/register.mjs";

const here = stage(() => Register.empty());

function signOut(page) {
  return leads(page, () => page.getByRole("button", { name: "Sign out", exact: true }).click());
}

test("whoever founded the register gets in by the code that the console shows", async () => {
  const page = await here.visit();
  await page.goto("/setup");
  await press(page, "Go on");
  assert.match(await text(page, ".summary"), /type the code that the server printed/i);
  await fill(page, { code: await here.register.setupCode() });
  await press(page, "Go on");
  await heading(page, "Welcome");
  await fill(page, { email: "ada@example.org", password: PASSWORD, again: `${PASSWORD}!` });
  await press(page, "Save and go in");
  assert.match(await text(page, ".summary"), /not the same as the password above/);
  await fill(page, { password: PASSWORD, again: PASSWORD });
  await press(page, "Save and go in");
  await heading(page, "My work");
  assert.equal(await text(page, ".me a"), "Ada");
});

test("a wrong password is refused in words that do not tell which part is wrong, and the right one lets in", async () => {
  const { email, code } = await here.register.invite("Bea", "reporter");
  const first = await here.visit();
  await accept(first, code);
  const page = await here.visit();
  await page.goto("/cases?q=state:open");
  await heading(page, "Sign in");
  await fill(page, { email, password: "not the password" });
  await press(page, "Sign in");
  const refused = await text(page, ".summary li");
  assert.equal(await page.inputValue("[name=email]"), email, "the address is kept");
  assert.equal(await page.inputValue("[name=password]"), "", "the password is not sent back");
  await fill(page, { email: "nobody@example.org", password: "not the password" });
  await press(page, "Sign in");
  assert.equal(await text(page, ".summary li"), refused, "whoever has no account is told the same");
  await fill(page, { email, password: PASSWORD });
  await press(page, "Sign in");
  await heading(page, "Register");
  assert.equal(new URL(page.url()).search, "?q=state:open", "it goes on where it was asked to");
});

test("an invitation is good for one password", async () => {
  const { code } = await here.register.invite("Cyd", "reporter");
  await accept(await here.visit(), code);
  const page = await here.visit();
  const answer = await page.goto(`/invitation/${code}`);
  assert.ok(answer.status() >= 400, `it is used up, and yet answered with ${answer.status()}`);
});

test("after signing out the back button shows nothing", async () => {
  const page = await here.newcomer("Dan", ["responder"]);
  await page.goto("/account");
  await heading(page, "My account");
  await page.goto("/cases");
  await signOut(page);
  await heading(page, "Sign in");
  await page.goBack();
  await heading(page, "Sign in");
  await page.goBack();
  await heading(page, "Sign in");
  assert.ok(!(await page.content()).includes("Dan"), "nothing of who was there is left");
});

test("a second factor is set up, asked for, and stood in for by a recovery code that works once", async () => {
  const page = await here.newcomer("Eve", ["manager"]);
  await page.goto("/account/second-factor");
  await press(page, "Set it up");
  const secret = await text(page, "code.secret");
  await fill(page, { code: "000000" });
  await press(page, "Confirm");
  assert.ok(await page.locator(".summary").isVisible(), "a code that is none is refused");
  assert.equal(await text(page, "code.secret"), secret, "and the secret is still there");
  // The code of the half minute before leaves the present one for signing in.
  await fill(page, { code: codeOf(secret, -1) });
  await press(page, "Confirm");
  await heading(page, "Recovery codes");
  const recovery = await page.locator(".codes code").allInnerTexts();
  assert.equal(recovery.length, 10);
  await follow(page, "I have them");
  await signOut(page);

  await signIn(page, "eve@example.org");
  await heading(page, "Sign in");
  assert.match(await text(page, "label[for=code]"), /Code/, "the password is right; now the code is asked for");
  await fill(page, { password: PASSWORD, code: "123456" });
  await press(page, "Sign in");
  await heading(page, "Sign in");
  await fill(page, { password: PASSWORD, code: codeOf(secret) });
  await press(page, "Sign in");
  await heading(page, "My work");

  for (const [outcome, words] of [["My work", "it works"], ["Sign in", "it works once"]]) {
    const other = await here.visit();
    await signIn(other, "eve@example.org");
    await fill(other, { password: PASSWORD, code: recovery[0] });
    await press(other, "Sign in");
    assert.equal(await text(other, "h1"), outcome, words);
  }
});
