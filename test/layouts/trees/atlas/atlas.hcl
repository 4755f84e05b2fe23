env "local" {
  src = "file://schema.hcl"
}
