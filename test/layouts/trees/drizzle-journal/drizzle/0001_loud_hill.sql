ALTER TABLE "boats" ALTER COLUMN "name" SET NOT NULL;--> statement-breakpoint
CREATE INDEX CONCURRENTLY "boats_both_idx" ON "boats" ("id", "name");
