// Asks for a part of a page. A session that ended leads to the page for signing in.
export async function part(address, options = {}) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    ...options,
    headers: { "x-fragment": "yes", accept: "text/html", ...options.headers },
  });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
    location.assign(answer.url);
  }
  return { ok: answer.ok, html: await answer.text(), url: answer.url };
}
