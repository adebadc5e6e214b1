// The only `fetch` of the pages: addresses below the base path, errors as one class, the session's CSRF token.

export interface Problem {
  status: number;
  /** MLflow's `error_code`; empty on other routes. */
  code: string;
}

/** What a request that did not succeed is thrown as. The message is the server's own sentence. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(message: string, problem: Problem) {
    super(message);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
  }

  /** The server has no such route, which is not the same as no such thing. */
  get noRoute(): boolean {
    return this.status === 404 && this.code === "ENDPOINT_NOT_FOUND";
  }
}

export type QueryValue = string | number | boolean | undefined | readonly string[];

export interface Options {
  query?: Record<string, QueryValue>;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Not known before the session was read; empty where nobody signs in. */
let csrfToken: string | undefined;
let readSession: () => Promise<unknown> = () => Promise.resolve();

/** Every request that is no `GET` carries this from then on. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** How the session is read, which sets the token: the first searches, which are `POST`s, wait for it. */
export function setSessionReader(read: () => Promise<unknown>): void {
  readSession = read;
}

/** The address of `path` (no leading slash) on this server, below its base path. */
export function address(path: string, query: Options["query"] = {}): string {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url.href;
}

/** Needs no token: it is what makes a session. */
const SIGN_IN = "-/session";

export async function send(method: Method, path: string, options: Options = {}): Promise<Response> {
  const headers = new Headers({ Accept: "application/json", "X-Requested-With": "XMLHttpRequest" });
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (method !== "GET" && !(method === "POST" && path === SIGN_IN)) {
    if (csrfToken === undefined) await readSession();
    if (csrfToken) headers.set("X-CSRF-Token", csrfToken);
  }
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("The server cannot be reached. Is it running, and is the network up?", {
      status: 0,
      code: "",
    });
  }
  if (!response.ok) throw await toError(response);
  return response;
}

export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  // Several routes answer a write with nothing at all.
  return (text === "" ? {} : JSON.parse(text)) as T;
}

async function toError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  let message = "";
  let code = "";
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) {
      if ("message" in body) message = readMessage(body.message);
      else if ("error" in body) message = readMessage(body.error);
      if ("error_code" in body) code = String(body.error_code);
    }
  } catch {
    // A proxy's own page, say: its status is all there is.
  }
  return new ApiError(message || `The server answered ${response.status}.`, {
    status: response.status,
    code,
  });
}

/** GitLab's routes give a sentence, a list of them, or lists by field. */
function readMessage(message: unknown): string {
  if (typeof message === "string") return message;
  if (Array.isArray(message)) return message.map(readMessage).join("; ");
  if (typeof message === "object" && message !== null) {
    return Object.entries(message)
      .map(([field, said]) => `${field} ${readMessage(said)}`)
      .join("; ");
  }
  return String(message);
}
