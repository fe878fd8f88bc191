/** The one home of calendar arithmetic and byte units. A month is 730 hours, as AWS and Infracost bill it. */
export const HOURS_PER_WEEK = 168;
export const HOURS_PER_MONTH = 730;
export const HOURS_PER_DAY = 24;
export const DAYS_PER_WEEK = 7;
export const HOURS_PER_YEAR = 8760;
export const DAYS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_DAY;
export const MONTHS_PER_YEAR = 12;
export const SECONDS_PER_HOUR = 3600;
export const MILLION = 1_000_000;
export const BYTES_PER_GB = 1e9;
/** Of text, about. */
export const BYTES_PER_TOKEN = 5;
export const BYTES_PER_MIB = 1024 ** 2;
export const BYTES_PER_GIB = 1024 ** 3;
