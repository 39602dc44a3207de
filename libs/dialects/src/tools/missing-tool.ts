import { ServiceError } from '@orgn/contracts';

/** The refusal of a choice that demands some tool where none is offered that can be had. @param choice as the caller wrote it */
export const noToolFor = (choice: string) => refusal(`must not be "${choice}": no tool that can be had is offered`);

/** The refusal of a choice whose tools are not among those that can be had. */
export const missingTool = () => refusal('names no tool that is offered and that the caller runs');

function refusal(reason: string): ServiceError {
  return new ServiceError('invalid_request', `tool_choice ${reason}.`, { param: 'tool_choice' });
}
