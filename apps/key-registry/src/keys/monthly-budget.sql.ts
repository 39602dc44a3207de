/**
 * A monthly budget as an object of its contract, null where there is none.
 * @param team SQL of a team's id
 * @param member SQL of a member's; '' is the team itself, null has none
 */
export const monthlyBudgetSql = (team: string, member: string) =>
  `(SELECT jsonb_build_object('limit', b.usd, 'isSoft', b.is_soft) FROM monthly_budgets b WHERE b.team_id = ${team} AND b.member_id = ${member})`;
