// Histories of many runs and metrics in one answer, thinned for drawing.

import { apiOf, type Slug } from "../lib/project.ts";
import { type Histories, readSeriesBody } from "../lib/seriesBody.ts";
import { send } from "./client.ts";
import type { components } from "./schema.d.ts";

type SeriesRequest = components["schemas"]["SeriesRequest"];

export interface SeriesAsk {
  runs: string[];
  metrics: string[];
  axis: "step" | "relative" | "time";
  /** The part of the axis; without it, all. */
  range: readonly [number, number] | undefined;
  /** Points of one history. */
  most: number;
}

/** Of so few runs the span between lowest and highest is drawn too. */
const SPANS = 6;

export async function getSeries(project: Slug, ask: SeriesAsk, signal: AbortSignal): Promise<Histories> {
  const body: SeriesRequest = {
    runs: ask.runs,
    metrics: ask.metrics,
    x: ask.axis,
    from: ask.range?.[0],
    to: ask.range?.[1],
    points: ask.most,
    fields: ask.runs.length <= SPANS ? ["min", "max", "mean"] : ["mean"],
  };
  const response = await send("POST", `${apiOf(project)}/ml/series`, { body, signal });
  return readSeriesBody(await response.arrayBuffer());
}
