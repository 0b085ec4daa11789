// Asks for a part of a page. A session that ended leads to the page for signing in.
export async function part(address, options = {}) {
  const answer = await asked(address, options).catch(() => null);
  if (!answer) return { ok: false, html: UNREACHED, url: address };
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
    location.assign(answer.url);
  }
  return answer;
}

// Said when no answer comes at all: the network is gone, the server stops, or somebody is leaving the page already.
const UNREACHED = '<p class="lead" role="alert">The register cannot be reached just now; try again.</p>';

async function asked(address, options) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    ...options,
    headers: { "x-fragment": "yes", accept: "text/html", ...options.headers },
  });
  return { ok: answer.ok, html: await answer.text(), url: answer.url, redirected: answer.redirected };
}
