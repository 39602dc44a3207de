import { listMeasurements, shortText } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';

const measurement = listMeasurements.reply.shape.measurements.element;

/** What is measured of an enclave, by the names of this API, as people call it. What providers change most comes first. */
export const measuredWords = {
  composeHash: 'compose file',
  imageDigests: 'images',
  osImageHash: 'OS image',
  appId: 'app id',
  mrtd: 'firmware (MRTD)',
  rtmr0: 'virtual machine (RTMR0)',
  rtmr1: 'kernel (RTMR1)',
  rtmr2: 'boot disk and command line (RTMR2)',
} as const;
export type MeasuredName = keyof typeof measuredWords;
export const measuredNames = Object.keys(measuredWords) as [MeasuredName, ...MeasuredName[]];

const values = z.array(shortText).max(256);

/** Software that a provider's enclave was seen to run, and what operators said of it. */
export const measurementView = measurement.omit({ changed: true, decidedBy: true }).extend({
  /** Who decided, by name; null: nobody has, or it is not known any more. */
  decidedBy: shortText.nullable(),
  /** What differs from what was approved last of the same provider: values of then and of this; null where nothing was. */
  changes: z
    .array(z.object({ name: z.enum(measuredNames), before: values, after: values }))
    .max(measuredNames.length)
    .nullable(),
});
export type MeasurementView = z.output<typeof measurementView>;

const tag = 'operator';
const access = { who: 'signed_in', isOperator: true } as const;
const deciding = {
  method: 'POST',
  tag,
  params: z.strictObject({ measurementId: measurement.shape.id }),
  reply: measurementView,
  access: { ...access, isStepUp: true },
  errors: ['not_found', 'reauthentication_required'],
} as const;

/** What operators let enclaves run. No prompt goes to software that nobody has approved. */
export const measurementRoutes = {
  list: consoleRoute('listMeasurements', {
    method: 'GET',
    path: '/api/operator/measurements',
    tag,
    summary: 'The software that enclaves of providers were seen to run, latest first, and what was decided of it.',
    reply: z.object({ data: z.array(measurementView).max(500) }),
    access,
    errors: ['not_found', 'rate_limit_exceeded'],
    limit: 'report',
  }),
  approve: consoleRoute('approveMeasurement', {
    path: '/api/operator/measurements/{measurementId}/approve',
    summary: 'Lets prompts go to enclaves that run this. All routers act on it at once.',
    audit: 'measurement.approved',
    ...deciding,
  }),
  refuse: consoleRoute('refuseMeasurement', {
    path: '/api/operator/measurements/{measurementId}/refuse',
    summary: 'Keeps prompts from enclaves that run this, also when it was approved before.',
    audit: 'measurement.refused',
    ...deciding,
  }),
};
