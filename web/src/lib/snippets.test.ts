import { expect, test } from "vitest";
import {
  githubWithIdToken,
  githubWithToken,
  gitlabWithIdToken,
  gitlabWithToken,
  python,
  shell,
} from "./snippets.ts";

const uri = "https://weir.example/tools/api/v4/projects/7/ml/mlflow";

test("a token stands in the code where there is one, and nowhere else", () => {
  expect(python({ uri, token: "glpat-x" }, "a")).toContain('os.environ["MLFLOW_TRACKING_TOKEN"] = "glpat-x"');
  expect(python({ uri }, 'a "b"')).toContain('set_experiment("a \\"b\\"")');
  expect(python({ uri }, "a")).not.toContain("TOKEN");
  expect(shell({ uri })).toBe(`export MLFLOW_TRACKING_URI=${uri}`);
  for (const made of [
    gitlabWithToken({ uri, token: "glpat-x" }, "a"),
    githubWithToken({ uri, token: "glpat-x" }, "a"),
  ]) {
    expect(made).toContain(`MLFLOW_TRACKING_URI: ${uri}`);
    expect(made).not.toContain("glpat-x");
  }
});

test("a job with an ID token asks for the rule's audience", () => {
  expect(gitlabWithIdToken(uri, "https://weir.example")).toContain("aud: https://weir.example\n");
  expect(gitlabWithIdToken(uri, "a: b # c")).toContain('aud: "a: b # c"\n');
  expect(githubWithIdToken(uri, "https://a b")).toContain('&audience=https%3A%2F%2Fa%20b"');
});
