/** What comes and goes with a request, a question, a message or a hold. */
const fleeting = new Set([
  ...['AskedRequest', 'TakenRequest', 'FrameSource', 'Hear', 'UnsettledMessage', 'DeliveredMessage'],
  ...['RunningRequest', 'Exchange', 'OpenHold'],
]);

/**
 * What comes and goes is in no Map or Set that an object holds: V8 would keep it long after it has left
 * (libs/collections/src/fleeting-map.ts).
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const fleetingMembers = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { kept: '{{name}} comes and goes: hold it in a FleetingMap, which keeps nothing that has left.' },
  },
  create(context) {
    const check = (node) => {
      const name = node.typeArguments?.params.map((type) => type.typeName?.name).find((known) => fleeting.has(known));
      if (name) context.report({ node, messageId: 'kept', data: { name } });
    };
    return {
      'PropertyDefinition NewExpression[callee.name=/^(Map|Set)$/]': check,
      'PropertyDefinition TSTypeReference[typeName.name=/^(Map|Set)$/]': check,
    };
  },
};
