/** What information is measured in: one bit is ln 2 nats. */
export type InformationUnit = 'nats' | 'bits';

/** The last argument of each measure of information. */
export interface UnitOptions {
  /** The unit of the result; nats unless given. */
  readonly unit?: InformationUnit;
}
