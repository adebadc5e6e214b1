// The only door to the server: addresses below the base path, errors as one class, the session's CSRF token.

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
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

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

let onSignedOut: () => void = () => {};

/** What happens when the server does not know (any more) who asks. */
export function setSignedOutHandler(handler: () => void): void {
  onSignedOut = handler;
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
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  const reads = method === "GET" || method === "HEAD";
  if (!reads && !(method === "POST" && path === SIGN_IN)) {
    const token = await csrf();
    if (token) headers.set("X-CSRF-Token", token);
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
    throw unreachable();
  }
  if (response.status === 401 && !(method === "POST" && path === SIGN_IN)) onSignedOut();
  if (!response.ok) throw toError(response.status, await response.text().catch(() => ""));
  return response;
}

async function csrf(): Promise<string | undefined> {
  if (csrfToken === undefined) await readSession();
  return csrfToken;
}

const unreachable = () =>
  new ApiError("The server cannot be reached. Is it running, and is the network up?", {
    status: 0,
    code: "",
  });

export interface Sending {
  query?: Options["query"];
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** How many bytes are on their way. */
  progress: (sent: number) => void;
}

/**
 * Puts bytes at an address, and returns their ETag. The browser reads a file piece by piece as it sends it: none is
 * held in memory. `fetch` could not tell how far it is.
 */
export async function sendFile(path: string, body: Blob, sending: Sending): Promise<string> {
  const token = await csrf();
  const { signal, progress } = sending;
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new DOMException("given up", "AbortError"));
    if (signal.aborted) return aborted();
    const request = new XMLHttpRequest();
    request.open("PUT", address(path, sending.query));
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    if (token) request.setRequestHeader("X-CSRF-Token", token);
    for (const [name, value] of Object.entries(sending.headers ?? {})) request.setRequestHeader(name, value);
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.getResponseHeader("ETag") ?? "");
      else {
        if (request.status === 401) onSignedOut();
        reject(toError(request.status, request.responseText));
      }
    };
    request.onerror = () => reject(unreachable());
    request.onabort = aborted;
    request.onloadend = () => signal.removeEventListener("abort", stop);
    request.send(body);
  });
}

export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  // Several routes answer a write with nothing at all.
  return (text === "" ? {} : JSON.parse(text)) as T;
}

function toError(status: number, text: string): ApiError {
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
  return new ApiError(message || `The server answered ${status}.`, { status, code });
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
