/** The five published articles whose claims are recomputed, by neutral id. Dates as precise as the articles state them. */
export const ARTICLES = {
  S0: { subject: "rent or own", date: "2025" },
  S1: { subject: "a deep dive into self-hosting", date: "2024-2025" },
  S2: { subject: "what tokens cost", date: "2026" },
  S3: { subject: "build or buy", date: "2025-12" },
  S4: { subject: "a guide for technical leaders", date: "2026" },
} as const;

export type ArticleId = keyof typeof ARTICLES;
