/**
 * How a report is built; read off its content, never off a model's or provider's name. `proxy` is what NEAR's model hosts and
 * dstack's vllm-proxy answer, `gateway` what NEAR's gateway answers, `dstack` a bare quote and log of its guest agent.
 */
export const reportForms = ['proxy', 'gateway', 'dstack', 'aci', 'chutes', 'tinfoil'] as const;
export type ReportForm = (typeof reportForms)[number];
