/** Which faults are asked for, as it was typed. */
export interface FaultRequest {
  readonly fault?: readonly string[];
  readonly faultFile?: readonly string[];
  readonly chaos?: readonly string[];
  readonly seed?: string;
}

/** True where any faults are asked for; a seed alone asks for none. */
export function asksForFaults({ fault = [], faultFile = [], chaos = [] }: FaultRequest): boolean {
  return fault.length + faultFile.length + chaos.length > 0;
}
