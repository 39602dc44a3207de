/**
 * What may run: whatever the key or grant says, and nothing outside of enclaves where its team demands `tee`.
 * @param of alias of a table with `execution_policy`, beside `t` for `team_standings`
 */
export const executionPolicySql = (of: string) =>
  `CASE WHEN 'tee' = ANY (string_to_array(t.tee_demands, '; ')) THEN 'tee_only' ELSE ${of}.execution_policy END`;
