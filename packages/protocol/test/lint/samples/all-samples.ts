import type { Samples } from '../sample.ts';
import { contentSamples } from './content-samples.ts';
import { featureSamples } from './feature-samples.ts';
import { jsonRpcSamples } from './json-rpc-samples.ts';
import { lifecycleSamples } from './lifecycle-samples.ts';
import { modernFlowSamples } from './modern-flow-samples.ts';
import { modernSamples } from './modern-samples.ts';
import { schemaSamples } from './schema-samples.ts';
import { shapeSamples } from './shape-samples.ts';
import { toolSamples } from './tool-samples.ts';
import { utilitySamples } from './utility-samples.ts';
import { wireSamples } from './wire-samples.ts';

/** A sample of every rule. */
export const SAMPLES: Samples = {
  ...contentSamples,
  ...featureSamples,
  ...jsonRpcSamples,
  ...lifecycleSamples,
  ...modernFlowSamples,
  ...modernSamples,
  ...schemaSamples,
  ...shapeSamples,
  ...toolSamples,
  ...utilitySamples,
  ...wireSamples,
};
