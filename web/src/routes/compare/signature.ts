// The signatures of the models that runs logged.

import { queryOptions } from "@tanstack/react-query";
import { readFile } from "../../api/files.ts";
import { listOfRun } from "../../api/loggedModels.ts";
import { signatureOf } from "../../lib/compare.ts";
import { readMlModel } from "../../lib/mlmodel.ts";
import type { Slug } from "../../lib/project.ts";

/** The fields of the signature of the newest model that a run logged; none where it logged none. */
export const signatureQuery = (project: Slug, experiment: string, runId: string) =>
  queryOptions({
    queryKey: ["logged-models", project, runId, "signature"],
    queryFn: async ({ signal }) => {
      const [newest] = await listOfRun(project, experiment, runId, signal);
      if (newest?.info.status !== "LOGGED_MODEL_READY") return signatureOf(undefined);
      return signatureOf(readMlModel(await readFile(project, newest.info.model_id, "MLmodel", signal)));
    },
  });
