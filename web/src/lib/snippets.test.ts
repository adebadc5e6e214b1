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

test("any name of an experiment is that name in a job and in Python", () => {
  const name = "Q3: churn's";
  for (const made of [gitlabWithToken({ uri }, name), githubWithToken({ uri }, name)]) {
    expect(made).toMatch(/^ +MLFLOW_EXPERIMENT_NAME: "Q3: churn's"$/m);
    // Nowhere else: no line of the shell has it, so none has to quote it.
    expect(made.split(name)).toHaveLength(2);
  }
  expect(python({ uri }, name)).toContain(`set_experiment("Q3: churn's")`);
  expect(gitlabWithToken({ uri }, "a $HOME")).toContain('NAME: "a $$HOME"\n');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own braces
  expect(githubWithToken({ uri }, "a ${{ b }}")).toContain("NAME: \"a ${{ '${{' }} b }}\"\n");
  for (const wrong of ["yes", "null", "a:", "- a", "# a"])
    expect(gitlabWithToken({ uri }, wrong)).toContain(`NAME: ${JSON.stringify(wrong)}\n`);
});

test("a shell takes each value as one word", () => {
  expect(shell({ uri, token: "<your 'token'>" })).toContain(String.raw`TOKEN='<your '\''token'\''>'`);
});
