/** The image that stands in for ubuntu:20.04 in this run, or undefined if the image is Ubuntu itself. */
const standIn = process.env.BELLJAR_STAND_IN;

/**
 * A spec that is about Ubuntu itself. If a stand-in takes its place, the spec is skipped, and its title says so.
 */
export function itOnUbuntu(title: string, spec: () => Promise<void>): void {
  if (standIn === undefined) it(title, spec);
  else skipAloud(`${title} (skipped: ${standIn} stands in for ubuntu:20.04)`, spec);
}

const { skip: skipAloud } = it;
