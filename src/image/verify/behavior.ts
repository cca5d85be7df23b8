import type Docker from 'dockerode';
import { messageOf } from '../../support/errors';
import type { KnownImage } from '../facts';
import { baselineOf, readImageTree } from './fingerprint';
import type { Findings, ImageDifference } from './report';
import { compareTrees, type Tree } from './tree';

/** Checks that a new container has the same files as one had before. */
export async function verifyBehavior(
  docker: Docker,
  image: KnownImage,
  fingerprint?: string,
): Promise<Findings> {
  const known = baselineOf(image.id);
  const expected = fingerprint ?? known?.fingerprint;
  if (expected === undefined) {
    const advice =
      'Call image.fingerprint() before the code that may change the image, or pass { fingerprint }.';
    return unchecked(`There is no earlier fingerprint to compare with. ${advice}`);
  }
  let tree: Tree;
  try {
    tree = await readImageTree(docker, image.id);
  } catch (error) {
    return unchecked(`The files of a new container could not be read: ${messageOf(error)}`);
  }
  if (tree.fingerprint !== expected) {
    return { differences: treeDifferences(tree, expected, known), evidence: [] };
  }
  const evidence = `A new container has the same ${tree.entries.size} paths as before (${expected}).`;
  return { differences: [], evidence: [evidence] };
}

function unchecked(message: string): Findings {
  return { differences: [{ kind: 'unchecked', message }], evidence: [] };
}

/** Returns each path that differs if the earlier tree is known; otherwise only that the fingerprints differ. */
function treeDifferences(tree: Tree, expected: string, known: Tree | undefined): ImageDifference[] {
  if (known?.fingerprint !== expected) {
    const found = tree.fingerprint;
    return [
      {
        kind: 'path',
        message: `The files of a new container have the fingerprint ${found}, not ${expected}.`,
        expected,
        found,
      },
    ];
  }
  return compareTrees(known, tree).map(({ path, expected: before = 'nothing', found = 'nothing' }) => ({
    kind: 'path',
    message: `${path} is ${found}, not ${before}.`,
    expected: before,
    found,
  }));
}
