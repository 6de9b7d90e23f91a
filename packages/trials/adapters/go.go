package main

import (
	"context"
	"encoding/json"
	"net/http"

	"trial/generated"
)

func main() {
	configuration := generated.NewConfiguration()
	configuration.HTTPClient = &http.Client{}
	client := generated.NewAPIClient(configuration)
	phones := client.BorrowerPhonesAPI
	serve(configuration.HTTPClient, func(sent sentCase) (err error) {
		configuration.Servers[0].URL = sent.BaseURL
		ctx := context.WithValue(context.Background(), generated.ContextAccessToken, sent.Token)
		order, borrower, phone := sent.IDs["order_id"], sent.IDs["borrower_id"], sent.IDs["phone_id"]
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
		return err
	})
}
