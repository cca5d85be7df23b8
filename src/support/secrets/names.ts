/** The ends of words that name a secret: `PGPASSWORD` has one. */
const endings = /(?:password|passwd|passphrase|secret|token|credential|apikey)s?$/;

const words = new Set(['pass', 'key', 'keys', 'cred', 'creds']);

/**
 * Returns whether the name of a variable says that its value is secret: `DB_PASSWORD`, `apiToken`,
 * `AWS_SECRET_ACCESS_KEY` and `MYSQL_PWD` do; `MONKEY`, `PWD` and `OLDPWD` do not.
 */
export function isSecretName(name: string): boolean {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (parts.length > 1 && parts.at(-1) === 'pwd') return true;
  return parts.some((part) => words.has(part) || endings.test(part));
}
