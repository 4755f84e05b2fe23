ALTER TABLE "boats" ADD COLUMN "length" integer;--> statement-breakpoint
CREATE INDEX "boats_name_idx" ON "boats" ("name");
