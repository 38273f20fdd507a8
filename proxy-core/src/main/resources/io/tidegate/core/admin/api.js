// The API beside the page, and the token for it.

const KEY = 'tidegate-token';

let token = takeToken();

/** The token that the address brings along is taken out of it at once. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? '';
}

export const hasToken = () => token !== '';

/** From now on, this is the token; it is not kept yet. */
export function useToken(given) {
  token = given;
}

export function keepToken() {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken() {
  sessionStorage.removeItem(KEY);
  token = '';
}

class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export async function ask(path, content, signal) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (content) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, {
    method: content ? 'POST' : 'GET',
    headers,
    body: content && JSON.stringify(content),
    credentials: 'omit',
    cache: 'no-store',
    signal: signal ?? AbortSignal.timeout(10000),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail ?? `status ${response.status}`);
  }
  return response;
}

export const get = async (path) => (await ask(path)).json();

/** What not every proxy has is null. */
export const getIfThere = (path) =>
  get(path).catch((e) => {
    if (e.status === 404) return null;
    throw e;
  });

/** Why there is no answer, without the full stop. */
export const reason = (e) => (e instanceof Refused ? e.message : 'The proxy does not answer');
