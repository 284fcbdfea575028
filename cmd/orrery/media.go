package main

import (
	"context"
	"fmt"

	"orrery/social"
	"orrery/storage/files"
	"orrery/storage/files/s3"
)

// mediaPlace says where pictures and films are kept: in a folder, or in a bucket when one is named.
type mediaPlace struct {
	Media       string `help:"Folder for pictures and films; media beside the database when not given." env:"ORRERY_MEDIA" placeholder:"DIR"`
	S3Endpoint  string `name:"s3-endpoint" help:"Keep them in an object store instead: its address." env:"ORRERY_S3_ENDPOINT" placeholder:"URL"`
	S3Bucket    string `name:"s3-bucket" help:"Bucket of the object store; it must exist." env:"ORRERY_S3_BUCKET" placeholder:"NAME"`
	S3Region    string `name:"s3-region" help:"Its region, where the store knows regions." env:"ORRERY_S3_REGION" placeholder:"NAME"`
	S3Prefix    string `name:"s3-prefix" help:"Before the name of every file, such as orrery/." env:"ORRERY_S3_PREFIX" placeholder:"TEXT"`
	S3HostStyle bool   `name:"s3-host-style" help:"Name the bucket in the host, as Amazon wants it, not in the path." env:"ORRERY_S3_HOST_STYLE"`
	S3AccessKey string `name:"s3-access-key" help:"Access key of the object store." env:"ORRERY_S3_ACCESS_KEY" placeholder:"TEXT"`
	S3SecretKey string `name:"s3-secret-key" help:"Secret key; better in the environment than here, where others on the machine see it." env:"ORRERY_S3_SECRET_KEY" placeholder:"TEXT"`
}

// files is that place. A bucket is asked for once, so that a mistake shows at once.
func (m mediaPlace) files(ctx context.Context, database string) (social.Files, error) {
	if m.S3Endpoint == "" {
		return files.NewFolder(mediaFolder(m.Media, database)), nil
	}
	b, err := s3.New(s3.Config{
		Endpoint: m.S3Endpoint, Bucket: m.S3Bucket, Region: m.S3Region, Prefix: m.S3Prefix, PathStyle: !m.S3HostStyle,
		AccessKey: m.S3AccessKey, SecretKey: m.S3SecretKey,
	})
	if err == nil {
		err = b.Check(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("media cannot be kept in the object store (%w). Check --s3-endpoint, --s3-bucket and the keys", err)
	}
	return b, nil
}
