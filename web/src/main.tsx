// Starts the pages.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, setCsrfToken, setSessionReader, setSignedOutHandler } from "./api/client.ts";
import { sessionQuery } from "./api/queries.ts";
import { anythingUnsaved } from "./lib/unsaved.ts";
import { makeRouter } from "./router.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/runs.css";

/** Whoever is not signed in (any more) signs in, and comes back to where they were. */
function signInAgain() {
  // The form says so itself, and keeps its text. The next session brings a CSRF token of its own.
  if (anythingUnsaved()) {
    setCsrfToken(undefined);
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey, refetchType: "none" });
    return;
  }
  const { location } = router.state;
  if (location.pathname !== "/-/sign-in") {
    void router.navigate({ to: "/-/sign-in", search: { to: location.publicHref }, replace: true });
  }
}

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused it will refuse again; what failed on the way is worth two more tries.
      retry: (count, error) =>
        count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});
setSessionReader(() => client.fetchQuery(sessionQuery));
setSignedOutHandler(signInAgain);
const router = makeRouter();

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
