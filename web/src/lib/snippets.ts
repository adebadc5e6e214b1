// Code that people paste: how to log to a project from a notebook, a shell or a CI job.

/** What a job needs to know to log to a project. */
export interface Target {
  /** The tracking address. */
  uri: string;
  /** The access token, or what stands in its place; nothing where the server asks for none. */
  token?: string;
}

/** Words that YAML reads as something other than text. */
const YAML_WORD = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** As YAML writes it: quoted where it might mean something else. */
const yaml = (text: string) =>
  /^[A-Za-z]([\w.:/@%-]*[\w./@%-])?$/.test(text) && !YAML_WORD.test(text) ? text : JSON.stringify(text);

/** As a shell takes it for one word. */
const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

export function python({ uri, token }: Target, experiment: string): string {
  const lines = token
    ? ["import os", "", "import mlflow", "", `os.environ["MLFLOW_TRACKING_TOKEN"] = ${JSON.stringify(token)}`]
    : ["import mlflow", ""];
  return [
    ...lines,
    `mlflow.set_tracking_uri(${JSON.stringify(uri)})`,
    `mlflow.set_experiment(${JSON.stringify(experiment)})`,
    "",
    "with mlflow.start_run():",
    '    mlflow.log_param("learning_rate", 0.01)',
    '    mlflow.log_metric("loss", 0.25)',
  ].join("\n");
}

export function shell({ uri, token }: Target): string {
  const lines = [`export MLFLOW_TRACKING_URI=${word(uri)}`];
  if (token) lines.push(`export MLFLOW_TRACKING_TOKEN=${word(token)}`);
  return lines.join("\n");
}

/** Logs something, for a repository that has no script yet. MLflow reads the experiment's name from the environment. */
const TRY_OUT = `python -c 'import mlflow; mlflow.start_run(); mlflow.log_metric("loss", 0.25)'`;

/** GitLab puts variables in where a dollar stands; two are one. */
const gitlabName = (experiment: string) => yaml(experiment.replaceAll("$", "$$$$"));

/** GitHub reads what stands in these braces; a text of them is itself. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own braces
const githubName = (experiment: string) => yaml(experiment.replaceAll("${{", "${{ '${{' }}"));

/** `.gitlab-ci.yml`, with the token in a CI variable. */
export function gitlabWithToken({ uri, token }: Target, experiment: string): string {
  return [
    "train:",
    "  image: python:3.12",
    "  variables:",
    `    MLFLOW_TRACKING_URI: ${yaml(uri)}`,
    `    MLFLOW_EXPERIMENT_NAME: ${gitlabName(experiment)}`,
    ...(token ? ["    # MLFLOW_TRACKING_TOKEN: in Settings > CI/CD > Variables, masked"] : []),
    "  script:",
    "    - |",
    "      pip install mlflow-skinny",
    `      ${TRY_OUT}`,
  ].join("\n");
}

/** `.github/workflows/train.yml`, with the token in a secret. */
export function githubWithToken({ uri, token }: Target, experiment: string): string {
  return [
    "name: train",
    "on: push",
    "jobs:",
    "  train:",
    "    runs-on: ubuntu-latest",
    "    env:",
    `      MLFLOW_TRACKING_URI: ${yaml(uri)}`,
    `      MLFLOW_EXPERIMENT_NAME: ${githubName(experiment)}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own braces
    ...(token ? ["      MLFLOW_TRACKING_TOKEN: ${{ secrets.MLFLOW_TRACKING_TOKEN }}"] : []),
    "    steps:",
    "      - run: |",
    "          pip install mlflow-skinny",
    `          ${TRY_OUT}`,
  ].join("\n");
}

/** `.gitlab-ci.yml` of a job that shows its own ID token. */
export function gitlabWithIdToken(uri: string, audience: string): string {
  return `train:
  image: python:3.12
  id_tokens:
    MLFLOW_TRACKING_TOKEN:
      aud: ${yaml(audience)}
  variables:
    MLFLOW_TRACKING_URI: ${yaml(uri)}
  script:
    - pip install mlflow-skinny
    - python train.py`;
}

/** `.github/workflows/train.yml` of a job that shows its own ID token. */
export function githubWithIdToken(uri: string, audience: string): string {
  return `name: train
on: push
permissions:
  contents: read
  id-token: write
jobs:
  train:
    runs-on: ubuntu-latest
    env:
      MLFLOW_TRACKING_URI: ${yaml(uri)}
    steps:
      - uses: actions/checkout@v4
      - run: pip install mlflow-skinny
      - run: |
          export MLFLOW_TRACKING_TOKEN=$(curl -sS -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${encodeURIComponent(audience)}" | jq -r .value)
          python train.py`;
}
