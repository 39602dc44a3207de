import pg from 'pg';

/** Runs one statement as the administrator of a stack's database. @returns its rows */
export async function query({ stack }, text, values = []) {
  const client = new pg.Client({ connectionString: stack.postgresUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
