import { capabilityNames } from '../../container/options/capabilities';

/** Lists the capabilities in a mask of `/proc/<pid>/status`, such as `00000000a80425fb`. */
export function decodeCapabilities(mask: string): string[] {
  const bits = BigInt(`0x${mask}`);
  const found: string[] = [];
  for (let number = 0; bits >> BigInt(number) > 0n; number += 1) {
    if ((bits >> BigInt(number)) & 1n) found.push(capabilityNames[number] ?? `number ${number}`);
  }
  return found;
}
