package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"time"

	"trial/generated"
)

func main() {
	configuration := generated.NewConfiguration()
	configuration.HTTPClient = &http.Client{}
	client := generated.NewAPIClient(configuration)
	phones := client.BorrowerPhonesAPI
	decoder, encoder := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for sent := (sentCase{}); decoder.Decode(&sent) == nil; sent = (sentCase{}) {
		configuration.Servers[0].URL = sent.BaseURL
		if len(os.Args) > 1 { // mended
			configuration.HTTPClient.Timeout = time.Duration(sent.DeadlineMs) * time.Millisecond
			configuration.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		}
		ctx := context.WithValue(context.Background(), generated.ContextAccessToken, sent.Token)
		order, borrower, phone := sent.IDs["order_id"], sent.IDs["borrower_id"], sent.IDs["phone_id"]
		var err error
		switch sent.Operation {
		case "listBorrowers":
			_, _, err = client.BorrowersAPI.ListBorrowers(ctx, order).Execute()
		case "listBorrowerPhones":
			_, _, err = phones.ListBorrowerPhones(ctx, order, borrower).Execute()
		case "createBorrowerPhone":
			body := generated.BorrowerPhoneCreate{}
			json.Unmarshal(sent.Body, &body)
			_, _, err = phones.CreateBorrowerPhone(ctx, order, borrower).BorrowerPhoneCreate(body).Execute()
		case "updateBorrowerPhone":
			body := generated.BorrowerPhoneUpdate{}
			json.Unmarshal(sent.Body, &body)
			_, _, err = phones.UpdateBorrowerPhone(ctx, order, borrower, phone).BorrowerPhoneUpdate(body).Execute()
		case "deleteBorrowerPhone":
			_, _, err = phones.DeleteBorrowerPhone(ctx, order, borrower, phone).Execute()
		}
		encoder.Encode(replyTo(sent.ID, err))
	}
}
