// Asks for a part of a page. A session that ended leads to the page for signing in, unless whoever asks stays: nobody is
// taken away from what they write by what happens behind it.
export async function part(address, { stays = false, ...options } = {}) {
  const answer = await asked(address, options).catch(() => null);
  if (!answer) return { ok: false, html: UNREACHED, url: address };
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
    if (stays) return { ok: false, html: SIGNED_OUT, url: answer.url };
    location.assign(answer.url);
  }
  return answer;
}

// Said when no answer comes at all: the network is gone, the server stops, or somebody is leaving the page already.
const UNREACHED = '<p class="lead" role="alert">The register cannot be reached just now; try again.</p>';

const SIGNED_OUT = '<p class="lead" role="alert">You are signed out; sign in in another tab, and go on here.</p>';

async function asked(address, options) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    ...options,
    headers: { "x-fragment": "yes", accept: "text/html", ...options.headers },
  });
  return { ok: answer.ok, html: await answer.text(), url: answer.url, redirected: answer.redirected };
}
